"""Nothing of the mesh is shown to whoever is not signed in."""

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase

from graph.api.answers import no_database, note_no_database, problem
from graph.live.guest import Guest, welcome
from meshviz.signin.reception import reception

LOGIN = "/login"
OIDC_START, OIDC_END = "/login/oidc", "/login/oidc/callback"
# What has to work before. Files of the front end are served before the gate, /healthz and
# /metrics, which tell nothing of the mesh, before Django.
_OPEN = frozenset({LOGIN, OIDC_START, OIDC_END})
_RETRY_AFTER_S = "5"


class Gate:
    """Middleware: 401 for the API, the login page for people.

    It stands in front of every view: one that is added later needs no thought of its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            guest = _guest(request)
        except Error as error:
            if request.path in _OPEN:
                return self._get_response(request)
            note_no_database(error)
            return _unready(request)
        if guest is not None:
            welcome(_scope(request), guest)
        elif request.path not in _OPEN:
            return _refusal(request)
        response = self._get_response(request)
        # What one person sees is not the next one's, who may sit at the same browser.
        if not response.has_header("Cache-Control") or request.path == "/":
            response["Cache-Control"] = "no-store"
        return response


def _guest(request: HttpRequest) -> Guest | None:
    ticket = reception().counter.ticket(_scope(request))
    return reception().guests([ticket]).get(ticket) if ticket else None


def _scope(request: HttpRequest) -> Any:
    return cast(ASGIRequest, request).scope


def _refusal(request: HttpRequest) -> HttpResponse:
    by_proxy = settings.MESHVIZ.sign_in == "proxy"
    if request.path.startswith("/api/") or by_proxy:
        accepted = "a request by way of the proxy" if by_proxy else f"the session of {LOGIN}"
        body = problem(None, "nobody is signed in", f"{accepted}, or a token", "sign_in")
        return _told(JsonResponse(body, status=401))
    # A page is worth coming back to; nothing else is one.
    then = request.get_full_path() if request.path == "/" else "/"
    return _told(HttpResponseRedirect(login_address(then)))


def login_address(then: str) -> str:
    """Return the login page's address for who wants to go to ``then``."""
    return LOGIN if then == "/" else f"{LOGIN}?{urlencode({'next': then})}"


def _unready(request: HttpRequest) -> HttpResponse:
    answer = (
        JsonResponse(no_database(), status=503)
        if request.path.startswith("/api/")
        else HttpResponse(
            f"{no_database()['error']['detail']}\n",
            status=503,
            content_type="text/plain; charset=utf-8",
        )
    )
    answer["Retry-After"] = _RETRY_AFTER_S
    return _told(answer)


def _told(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-store"
    return answer
