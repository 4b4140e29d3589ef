"""Signing in by an OpenID Connect provider: the code flow with PKCE, by Authlib.

What belongs to a sign-in under way is kept in a signed cookie of the browser that began it, not
here: whoever only knocks leaves nothing behind.
"""

import logging
from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from django.conf import settings
from django.contrib import auth
from django.core import signing
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET
from joserfc.errors import JoseError

from graph.api.answers import note_no_database
from graph.saved.people import person
from meshviz.signin import pages, sessions
from meshviz.signin.claims import Claims, Nameless
from meshviz.signin.cookies import is_by_https
from meshviz.signin.gate import OIDC_END
from meshviz.signin.provider import Untrustworthy, provider

log = logging.getLogger(__name__)

_COOKIE, _SALT = "meshviz_oidc", "meshviz.signin.oidc"
# To find a second factor, and no longer.
_UNDERWAY_S = 600
# The provider is asked about groups at every sign-in, and not in between.
_SESSION_S = 12 * 3600
_MOST_LENGTH = 4096


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider."""
    back = f"{_own_origin(request)}{OIDC_END}"
    try:
        with pages.turn():
            asked = provider().begun(back)
    except pages.Turned as turned:
        return pages.form(request, turned)
    except (requests.RequestException, Untrustworthy, ValueError) as error:
        return _away(request, error)
    answer = HttpResponseRedirect(asked.pop("url"))
    kept = signing.dumps({**asked, "back": back, "next": pages.next_of(request)}, salt=_SALT)
    answer.set_cookie(
        _COOKIE,
        kept,
        max_age=_UNDERWAY_S,
        path=OIDC_END,
        httponly=True,
        # The provider's page leads back here; cookies of "Strict" would stay behind.
        samesite="Lax",
        secure=is_by_https(request),
    )
    return _unkept(answer)


@require_GET
def end(request: HttpRequest) -> HttpResponse:
    """Let in whom the provider sends back."""
    answer = _ended(request)
    answer.delete_cookie(_COOKIE, path=OIDC_END, samesite="Lax")
    return _unkept(answer)


def _ended(request: HttpRequest) -> HttpResponse:
    try:
        underway = _underway(request)
        with pages.turn():
            told = provider().claims(_code(request, underway), underway)
        claims = Claims(told, settings.MESHVIZ)
        return _let_in(request, claims.name, claims.groups, underway["next"])
    except pages.Turned as turned:
        return pages.form(request, turned)
    except Nameless as error:
        log.warning("somebody could not sign in: the provider did not tell who: %s", error)
        return pages.form(request, pages.Turned("oidc_nameless", 403, reason=str(error)))
    except (OAuthError, JoseError) as error:
        log.warning("somebody could not sign in: %s", _told(error))
        return pages.form(request, pages.Turned("oidc_refused", 403))
    except (requests.RequestException, Untrustworthy, ValueError) as error:
        return _away(request, error)
    except Error as error:
        note_no_database(error)
        return pages.form(request, pages.Turned("no_database", 503))


def _underway(request: HttpRequest) -> dict[str, Any]:
    """Return what `start` has kept for this browser."""
    try:
        kept = request.COOKIES.get(_COOKIE, "")
        underway: dict[str, Any] = signing.loads(kept, salt=_SALT, max_age=_UNDERWAY_S)
    except signing.BadSignature:
        raise pages.Turned("oidc_refused", 403) from None
    return underway


def _code(request: HttpRequest, underway: dict[str, Any]) -> str:
    """Return the code that stands for the sign-in; its state has to be that of this browser."""
    state, code = (request.GET.get(name, "")[:_MOST_LENGTH] for name in ("state", "code"))
    if not state or state != underway["state"]:
        raise pages.Turned("oidc_refused", 403)
    if refusal := request.GET.get("error"):
        raise OAuthError(error=refusal[:100])
    if not code:
        raise pages.Turned("oidc_refused", 403)
    return code


def _let_in(request: HttpRequest, name: str, groups: list[str], then: str) -> HttpResponse:
    user = person(name)
    if not user.is_active:
        raise pages.Turned("oidc_refused", 403)
    auth.login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session[sessions.GROUPS_KEY] = groups
    request.session.set_expiry(_SESSION_S)
    pages.forget_old_sessions()
    return HttpResponseRedirect(then)


def _own_origin(request: HttpRequest) -> str:
    """Return the address by which the browser reached us: the provider knows it beforehand.

    Host is one of our names, or the request would not have come this far.
    """
    host = request.get_host()
    for origin in settings.MESHVIZ.extra_origins:
        if origin.partition("://")[2] == host.lower():
            return str(origin)
    return f"{'https' if is_by_https(request) else 'http'}://{host}"


def _away(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("nobody can sign in: the identity provider does not answer well: %s", _told(error))
    return pages.form(request, pages.Turned("oidc_away", 503))


def _told(error: Exception) -> str:
    # Addresses of an exchange have codes and secrets in them; kinds of errors do not.
    if isinstance(error, requests.RequestException):
        status = error.response.status_code if error.response is not None else None
        return f"{type(error).__name__}{f' {status}' if status else ''}"
    return f"{type(error).__name__}: {str(error)[:200]!r}"


def _unkept(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-store"
    return answer
