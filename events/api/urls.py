"""The routes of events, below /v2/."""

from django.urls import path

from events.api import views

urlpatterns = [
    path("events", views.EventList.as_view()),
    path("events/<str:message_id>", views.EventView.as_view()),
    path("event_types", views.EventTypeList.as_view()),
    path("event_types/<str:event_type>", views.EventTypeView.as_view()),
    path("event_types/<str:event_type>/traits", views.TraitList.as_view()),
    path("event_types/<str:event_type>/traits/<str:name>", views.TraitView.as_view()),
]
