"""Views of people who are signed in, and the answer to who they are."""

from typing import TYPE_CHECKING, Any

import orjson
from django.conf import settings
from django.middleware.csrf import get_token
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from graph.api.answers import Refused
from graph.api.drafts import MOST_BODY_BYTES
from graph.api.views import BAD, LiveView, query_of
from graph.api.wire_schema import refer
from graph.core.wire import Me, Role
from graph.live.guest import guest_of
from graph.live.parameters import BadParameter

if TYPE_CHECKING:
    from django.contrib.auth.models import User

UNKNOWN = {401: refer("ErrorAnswer", "Nobody is signed in (`code` says whether one can).")}


class ByGuest(SessionAuthentication):
    """Whoever was let in; to change something takes the token of their browser, too.

    A program shows its own token with every request, which no page of somebody else's can do.
    """

    def authenticate(self, request: Any) -> None:
        if guest_of(request._request.scope).name is not None:
            self.enforce_csrf(request)

    def enforce_csrf(self, request: Any) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied:
            detail = "the header X-CSRFToken is missing, or older than the session"
            raise Refused(403, "csrf", detail, "csrf_token of GET /api/v1/me") from None


class Schemes(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its metaclass
    """What the OpenAPI document says of it."""

    target_class = ByGuest
    name = ["session", "token"]  # noqa: RUF012  # as the library declares it

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, Any]]:
        return [
            {
                "type": "apiKey",
                "in": "cookie",
                "name": settings.SESSION_COOKIE_NAME,
                "description": "The session of /login; behind a proxy, what the proxy asks for.",
            },
            {"type": "http", "scheme": "bearer", "description": "manage.py addtoken makes one."},
        ]


class JsonParser(BaseParser):
    """Reads JSON, and not more of it than anything here takes."""

    media_type = "application/json"

    def parse(self, stream: Any, *args: Any, **kwargs: Any) -> Any:
        text = stream.read(MOST_BODY_BYTES + 1)
        if len(text) > MOST_BODY_BYTES:
            detail = "the body is too large"
            raise Refused(413, "too_large", detail, f"at most {MOST_BODY_BYTES // 1024} kB")
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            raise BadParameter("body", "not JSON", "a JSON object") from None


class PersonalView(LiveView):
    """A view of something that belongs to a person."""

    parser_classes = (JsonParser,)

    def get_authenticators(self) -> list[BaseAuthentication]:
        return [ByGuest()] if settings.MESHVIZ.has_users else []

    @property
    def person(self) -> "User":
        """Who asks; raise Refused for nobody."""
        if not settings.MESHVIZ.has_users:
            detail = "nobody signs in to this meshviz: the page keeps views in the browser"
            raise Refused(401, "no_sign_in", detail, "MESHVIZ_SIGN_IN=users, set by the operator")
        name = self.guest.name
        if name is None:
            detail = "a token is nobody's: no view belongs to it"
            raise Refused(403, "not_permitted", detail, "somebody who is signed in")
        # Its tables are known only where people have names.
        from graph.saved.people import person

        return person(name)

    def demand(self, role: Role) -> None:
        """Raise Refused for whoever may not do what this role is for."""
        if not self.guest.may(role):
            detail = f"this is for the role {role}; yours is {self.guest.role}"
            raise Refused(403, "not_permitted", detail, f"the role {role}, given by the operator")


class MeView(PersonalView):
    @extend_schema(
        operation_id="me",
        summary="Who is signed in",
        responses={200: refer("Me", "The person, and the token that changes need."), **BAD},
    )
    def get(self, request: Request) -> Response:
        query_of(request)
        guest, wanted = self.guest, settings.MESHVIZ
        me: Me = {
            "sign_in": wanted.told_sign_in,
            "user": guest.name,
            "role": guest.role,
            "namespaces": [list(patterns) for patterns in guest.permit] or None,
            "csrf_token": get_token(request._request) if wanted.has_users else None,
        }
        return Response(me)
