"""Every HTTP address. The websocket is in `meshviz.asgi`, /healthz in `meshviz.guard`."""

from django.urls import include, path

from meshviz import pages

urlpatterns = [
    path("", pages.index, name="index"),
    path("api/", include("graph.urls")),
]

handler404 = "meshviz.pages.not_found"
handler500 = "meshviz.pages.failed"
