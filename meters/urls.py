"""The web pages of metering."""

from django.urls import path, register_converter

from meters import views
from meters.names_in_urls import NameConverter

register_converter(NameConverter, "name")

app_name = "meters"
urlpatterns = [
    path("meters/", views.meters, name="meters"),
    path("meters/<name:name>/", views.meter, name="meter"),
    path("meters/<name:name>/all.csv", views.meter_csv, name="meter-csv"),
    path("meters/<name:name>/shown.csv", views.meter_shown_csv, name="meter-shown-csv"),
    path("resources/", views.resources, name="resources"),
    path("resources/<name:name>/", views.resource, name="resource"),
]
