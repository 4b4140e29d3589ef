"""The addresses of signing in and out."""

from django.conf import settings
from django.urls import URLPattern, path

from meshviz.signin import pages
from meshviz.signin.gate import LOGIN, OIDC_END, OIDC_START

urlpatterns: list[URLPattern] = [path(LOGIN[1:], pages.sign_in, name="login")]

if settings.MESHVIZ.has_sessions:
    urlpatterns += [path("logout", pages.sign_out, name="logout")]

if settings.MESHVIZ.sign_in == "oidc":
    from meshviz.signin import oidc

    urlpatterns += [
        path(OIDC_START[1:], oidc.start, name="oidc"),
        path(OIDC_END[1:], oidc.end, name="oidc-callback"),
    ]
