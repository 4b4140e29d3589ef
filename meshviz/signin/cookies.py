"""Cookies that came over TLS go back over TLS only."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase


class SecureCookies:
    """Middleware: marks cookies Secure where the browser speaks https.

    meshviz itself speaks plain HTTP; a proxy in front of it ends TLS. What such a proxy says can be
    made up by anybody, and is believed for this alone: whoever makes it up loses a cookie.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        if response.cookies and is_by_https(request):
            for cookie in response.cookies.values():
                cookie["secure"] = True
        return response


def is_by_https(request: HttpRequest) -> bool:
    """Return whether the browser reached us by https, as far as it shows."""
    return (
        request.is_secure()
        or request.headers.get("X-Forwarded-Proto", "").lower() == "https"
        or request.headers.get("Origin", "").lower().startswith("https://")
    )
