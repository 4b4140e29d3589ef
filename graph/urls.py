"""The REST API below /api/."""

from django.urls import path

from graph.api import docs, views
from graph.api.doctor import DoctorView
from graph.api.history import HistoryView

urlpatterns = [
    path("v1/graph", views.GraphView.as_view(), name="graph"),
    path("v1/status", views.StatusView.as_view(), name="status"),
    path("v1/queries", views.QueriesView.as_view(), name="queries"),
    path("v1/history", HistoryView.as_view(), name="history"),
    path("v1/doctor", DoctorView.as_view(), name="doctor"),
    path("schema", docs.SchemaView.as_view(), name="schema"),
    path("docs", docs.page, name="docs"),
]
