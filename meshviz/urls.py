"""Every HTTP address. The websocket is in `meshviz.asgi`, /healthz in `meshviz.guard`."""

from django.conf import settings
from django.urls import include, path

from meshviz import pages

urlpatterns = [
    path("", pages.index, name="index"),
    path("api/", include("graph.urls")),
]

if settings.MESHVIZ.has_users:
    from meshviz.signin.urls import urlpatterns as of_sign_in

    urlpatterns += of_sign_in

handler400 = "meshviz.pages.bad"
handler404 = "meshviz.pages.not_found"
handler500 = "meshviz.pages.failed"
