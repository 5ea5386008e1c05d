"""The routes of the metering API, below /v2/."""

from django.urls import path

from meters.api import views

urlpatterns = [
    path("meters", views.MeterList.as_view()),
    path("meters/<str:name>", views.MeterView.as_view()),
    path("meters/<str:name>/statistics", views.StatisticsView.as_view()),
    path("meters/<str:name>/<str:other>", views.BelowMeter.as_view()),
    path("samples", views.SampleList.as_view()),
    path("samples/<str:message_id>", views.SampleView.as_view()),
    path("resources", views.ResourceList.as_view()),
    path("resources/<str:resource_id>", views.ResourceView.as_view()),
    path("query/samples", views.SampleQueryView.as_view()),
]
