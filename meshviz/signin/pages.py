"""Signing in and out."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from typing import cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.asgi import ASGIRequest
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from graph.api.answers import note_no_database
from meshviz import pages
from meshviz.sign_in_tally import REFUSALS
from meshviz.signin.brake import Brake, Key
from meshviz.signin.gate import LOGIN, OIDC_START
from meshviz.signin.spraying import Spraying
from meshviz.signin.words import WORDS, language_of

log = logging.getLogger(__name__)

_MOST_NAME = 150  # as Django's users have them
_MOST_PASSWORD = 1024
_MOST_NEXT = 8192
# A password is made dear to try out: half a second of a core. So many at a time, or a crowd of
# guessers would take the machine from those who watch.
_AT_ONCE = 2
_TURN_S = 10.0

_brake = Brake()
_spraying = Spraying()
_turns = threading.BoundedSemaphore(_AT_ONCE)


class Turned(Exception):
    """Somebody is not let in. ``word`` says why, ``values`` fill its blanks."""

    def __init__(self, word: str, status: int, **values: object) -> None:
        super().__init__(word)
        self.word, self.status, self.values = word, status, values


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form, and let in who knows a name and its password."""
    mode = settings.MESHVIZ.sign_in
    if mode == "proxy":
        # Nobody signs in here: the proxy asks whoever comes by it.
        return HttpResponseRedirect(next_of(request))
    try:
        if request.method != "POST" or mode == "oidc":
            is_known = request.user.is_authenticated
            return HttpResponseRedirect(next_of(request)) if is_known else form(request)
        _enter(request)
    except Turned as turned:
        REFUSALS[str(turned)] += 1
        return form(request, turned)
    except Error as error:
        note_no_database(error)
        return form(request, Turned("no_database", 503))
    # Not a redirect that a browser would repeat the POST for.
    return HttpResponseRedirect(next_of(request))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, and what is watched by it."""
    key = request.session.session_key
    auth.logout(request)
    door = cast(ASGIRequest, request).scope.get("state", {}).get("door")
    if door is not None and key is not None:
        door.end(key)
    return HttpResponseRedirect(LOGIN)


def next_of(request: HttpRequest) -> str:
    """Return where to go after signing in: a page of ours, never anybody else's."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    is_ours = (
        len(wanted) <= _MOST_NEXT
        and wanted.startswith("/")
        and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    )
    return wanted if is_ours and wanted.partition("?")[0] not in (LOGIN, "/logout") else "/"


def _enter(request: HttpRequest) -> None:
    name = request.POST.get("name", "")[:_MOST_NAME]
    password = request.POST.get("password", "")[:_MOST_PASSWORD]
    key = (name, request.META.get("REMOTE_ADDR", ""))
    with turn():
        # Asked in turn, or a hundred tries at once would pass before the first has failed.
        now = time.monotonic()
        if wait_s := max(_brake.wait_s(key, now), _spraying.wait_s(key, now)):
            raise Turned("slow", 429, seconds=ceil(wait_s))
        user = _checked(request, name, password, key)
    auth.login(request, user)
    forget_old_sessions()


def forget_old_sessions() -> None:
    """Delete what nobody can come back by."""
    SessionStore.clear_expired()


@contextmanager
def turn() -> Iterator[None]:
    """Wait for a turn at what is dear. Raises Turned when it takes too long."""
    if not _turns.acquire(timeout=_TURN_S):
        raise Turned("busy", 503)
    try:
        yield
    finally:
        _turns.release()


def _checked(request: HttpRequest, name: str, password: str, key: Key) -> User:
    user = auth.authenticate(request, username=name, password=password)
    if user is None:
        _brake.failed(key, time.monotonic())
        _spraying.failed(key, time.monotonic())
        log.warning("refused to sign in %.60r from %s", name, key[1])
        raise Turned("wrong", 403)
    _brake.passed(key)
    _spraying.passed(key)
    return user


def form(request: HttpRequest, turned: Turned | None = None) -> HttpResponse:
    """Return the login page, with what is wrong if anything is."""
    language = language_of(request.headers.get("Accept-Language", ""))
    words = WORDS[language]
    context = {
        "language": language,
        "words": words,
        "next": next_of(request),
        "name": request.POST.get("name", "")[:_MOST_NAME],
        "error": words[turned.word].format(**turned.values) if turned else "",
        "is_built": pages.is_built(),
        # A link, not a form: our own rules let no form lead to another site.
        "oidc": f"{OIDC_START}?{urlencode({'next': next_of(request)})}"
        if settings.MESHVIZ.sign_in == "oidc"
        else "",
    }
    response = render(request, "login.html", context, status=turned.status if turned else 200)
    response["Cache-Control"] = "no-store"
    response["Vary"] = "Accept-Language, Cookie"
    if turned and "seconds" in turned.values:
        response["Retry-After"] = str(turned.values["seconds"])
    return response
