"""The REST API below /api/."""

from django.urls import path

from graph.api import docs, saved, views
from graph.api.doctor import DoctorView
from graph.api.history import DistributionView, HistoryView
from graph.api.signed_in import MeView

urlpatterns = [
    path("v1/graph", views.GraphView.as_view(), name="graph"),
    path("v1/status", views.StatusView.as_view(), name="status"),
    path("v1/queries", views.QueriesView.as_view(), name="queries"),
    path("v1/history", HistoryView.as_view(), name="history"),
    path("v1/distribution", DistributionView.as_view(), name="distribution"),
    path("v1/doctor", DoctorView.as_view(), name="doctor"),
    path("v1/me", MeView.as_view(), name="me"),
    path("v1/saved-views", saved.SavedViewsView.as_view(), name="saved-views"),
    path("v1/saved-views/<int:number>", saved.SavedViewView.as_view(), name="saved-view"),
    path("schema", docs.SchemaView.as_view(), name="schema"),
    path("docs", docs.page, name="docs"),
]
