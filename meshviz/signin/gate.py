"""Nothing of the mesh is shown to whoever is not signed in."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase

from graph.api.answers import no_database, note_no_database, problem
from meshviz.journal import note_user

LOGIN = "/login"
# What has to work before. Files of the front end are served before the gate, /healthz and
# /metrics, which tell nothing of the mesh, before Django.
_OPEN = frozenset({LOGIN})
_RETRY_AFTER_S = "5"


class Gate:
    """Middleware: 401 for the API, the login page for people.

    It stands behind the session's middleware, and in front of every view: one that is added later
    needs no thought of its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path in _OPEN:
            return self._get_response(request)
        try:
            is_known = request.user.is_authenticated
        except Error as error:
            note_no_database(error)
            return _unready(request)
        if is_known:
            note_user(request.user.get_username())
            response = self._get_response(request)
            # What one person sees is not the next one's, who may sit at the same browser.
            if not response.has_header("Cache-Control") or request.path == "/":
                response["Cache-Control"] = "no-store"
            return response
        if request.path.startswith("/api/"):
            body = problem(None, "nobody is signed in", f"the session of {LOGIN}", "sign_in")
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
