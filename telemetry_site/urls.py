"""Every URL: the v2 API, the web pages, and what we say about ourselves."""

from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from telemetry_site import api, views
from telemetry_site.core.api.view import UnknownPath
from telemetry_site.overview import overview
from telemetry_site.status import status

urlpatterns: list[URLPattern | URLResolver] = [
    path("", api.Root.as_view()),
    path("v2/", include("meters.api.urls")),
    path("v2/", include("events.api.urls")),
    path("v2/", include("alarms.api.urls")),
    path("v2/capabilities", api.Capabilities.as_view()),
    path("v2/cloudevents", api.CloudEvents.as_view()),
    re_path(r"^v2(?:/|$)", UnknownPath.as_view()),
    path(
        "metering/api/schema",
        SpectacularAPIView.as_view(authentication_classes=(), permission_classes=()),
        name="schema",
    ),
    path(
        "metering/api/",
        SpectacularSwaggerSplitView.as_view(
            template_name="telemetry_site/api_docs.html",
            authentication_classes=(),
            permission_classes=(),
        ),
        name="swagger",
    ),
    path("healthz", views.healthz),
    path("readyz", views.readyz),
    path("metrics", views.metrics),
    path("metering/admin/", admin.site.urls),
    path("metering/login/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("metering/logout/", LogoutView.as_view(), name="logout"),
    path("metering/", overview, name="overview"),
    path("metering/", include("meters.urls")),
    path("metering/", include("events.urls")),
    path("metering/", include("alarms.urls")),
    path("metering/status/", status, name="status"),
]
