"""The web pages of alarms."""

from django.urls import path

from alarms.views import editing, lists, one, silences

app_name = "alarms"
urlpatterns = [
    path("alarms/", lists.alarms, name="alarms"),
    path("alarms/new/", editing.new, name="new"),
    path("alarms/history/", lists.changes, name="history"),
    path("alarms/silences/", silences.silence_list, name="silences"),
    path("alarms/silences/<str:silence_id>/end/", silences.end, name="end-silence"),
    path("alarms/<str:alarm_id>/", one.alarm, name="alarm"),
    path("alarms/<str:alarm_id>/change/", editing.change, name="change"),
    path("alarms/<str:alarm_id>/delete/", one.delete, name="delete"),
    path("alarms/<str:alarm_id>/state/", one.set_state, name="set-state"),
    path("alarms/<str:alarm_id>/enabled/", one.enable, name="enable"),
    path("alarms/<str:alarm_id>/silence/", one.silence, name="silence"),
    path("alarms/<str:alarm_id>/again/", one.try_again, name="try-again"),
]
