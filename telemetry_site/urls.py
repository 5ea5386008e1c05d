"""Every URL: the v2 API, the web pages, and what we say about ourselves."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("metering/admin/", admin.site.urls),
]
