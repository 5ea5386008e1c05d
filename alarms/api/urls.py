"""The routes of alarms, below /v2/."""

from django.urls import path, re_path

from alarms.api.views import alarms, asking, limits, route, silences

urlpatterns = [
    path("alarms", alarms.AlarmList.as_view()),
    path("alarms/preview", alarms.PreviewView.as_view()),
    path("alarms/<str:alarm_id>", alarms.AlarmView.as_view()),
    path("alarms/<str:alarm_id>/state", alarms.StateView.as_view()),
    path("alarms/<str:alarm_id>/history", asking.HistoryView.as_view()),
    path("query/alarms", asking.AlarmQueryView.as_view()),
    path("query/alarms/history", asking.HistoryQueryView.as_view()),
    path("quotas", limits.QuotaList.as_view()),
    path("quotas/<str:project_id>", limits.QuotaView.as_view()),
    path("metrics", limits.MetricsView.as_view()),
    path("silences", silences.SilenceList.as_view()),
    path("silences/<str:silence_id>", silences.SilenceView.as_view()),
    re_path(r"^(alarms|query/alarms|quotas|metrics|silences)/", route.NothingThere.as_view()),
]
