"""The web pages of events."""

from django.urls import path

from events import views

app_name = "events"
urlpatterns = [
    path("events/", views.events, name="events"),
    path("events/<uuid:message_id>/", views.event, name="event"),
]
