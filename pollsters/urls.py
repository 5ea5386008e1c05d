"""The web pages of polling."""

from django.urls import path

from pollsters import views

app_name = "pollsters"
urlpatterns = [path("polling/", views.status, name="status")]
