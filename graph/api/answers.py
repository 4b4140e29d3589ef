"""How the API answers: compact JSON, and one shape for everything that goes wrong."""

import logging
from collections.abc import Mapping
from typing import Any, Literal, NotRequired

import orjson
from django.core.exceptions import SuspiciousOperation
from django.db import Error as DatabaseError
from rest_framework import exceptions
from rest_framework.renderers import BaseRenderer
from rest_framework.response import Response
from typing_extensions import TypedDict

from graph.core.discretion import status_for
from graph.core.wire import SourceStatus
from graph.live.desk import Busy, Unanswered
from graph.live.guest import guest_of
from graph.live.parameters import BadParameter
from graph.live.purse import TooCostly
from graph.outage import Outage

log = logging.getLogger(__name__)

_RETRY_AFTER_S = 5


Code = Literal[
    # Nobody is signed in; or nobody can be, since this meshviz asks for no names.
    "sign_in",
    "no_sign_in",
    # The session's token is missing or old: ask /api/v1/me for a new one.
    "csrf",
    # The role of whoever asks is too small, or what they may see is.
    "not_permitted",
    "not_there",
    "not_yours",
    "name_taken",
    "too_many",
    "too_large",
    "no_database",
    # So many questions to Prometheus that one has to wait.
    "too_costly",
]


class Problem(TypedDict):
    """What is wrong with a request, and what would be accepted."""

    parameter: str | None
    detail: str
    accepted: str
    # For programs, where the status alone does not tell what to do.
    code: NotRequired[Code]


class ErrorAnswer(TypedDict):
    """Body of every 4xx answer."""

    error: Problem


class UnansweredAnswer(TypedDict):
    """Body of a 503: Prometheus did not answer a question about the past."""

    error: Problem
    source: SourceStatus | None


# Everybody who asks while it is away would be a line.
_DATABASE = Outage(log, "The database answers", over_after_s=60.0)


class JsonRenderer(BaseRenderer):
    """Writes JSON with orjson, which turns NaN and infinity into null."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else orjson.dumps(data)


class Refused(Exception):
    """A request that cannot be done as things are, with the status of its answer."""

    def __init__(
        self, status: int, code: Code, detail: str, accepted: str, parameter: str | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.body = problem(parameter, detail, accepted, code)


def problem(
    parameter: str | None, detail: str, accepted: str, code: Code | None = None
) -> ErrorAnswer:
    found: Problem = {"parameter": parameter, "detail": detail, "accepted": accepted}
    return {"error": found if code is None else {**found, "code": code}}


def note_no_database(error: Exception) -> None:
    """Have the log say that a request failed for want of a database."""
    _DATABASE.failed(type(error).__name__, f"the database does not answer: {error}")


def no_database() -> ErrorAnswer:
    detail = "the database does not answer; meshviz' log says why"
    return problem(None, detail, "try again later", "no_database")


def explain_exception(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Return the answer to an exception of a view; None lets Django answer 500."""
    match error:
        case BadParameter():
            return Response(problem(error.parameter, error.detail, error.accepted), status=400)
        case Unanswered():
            permit = guest_of(context["request"]._request.scope).permit
            status = status_for(permit, error.state.status)
            return _unavailable(status["detail"], status)
        case SuspiciousOperation():  # Django's word for too many parameters
            return Response(problem(None, "no such request", "fewer parameters"), status=400)
        case TooCostly():
            body = problem(None, str(error), f"again in {error.wait_s} s", "too_costly")
            return Response(body, status=429, headers={"Retry-After": str(error.wait_s)})
        case Busy():
            return _unavailable(str(error), None)
        case Refused():
            return Response(error.body, status=error.status)
        case DatabaseError():
            note_no_database(error)
            headers = {"Retry-After": str(_RETRY_AFTER_S)}
            return Response(no_database(), status=503, headers=headers)
        case exceptions.APIException():
            methods = ", ".join(context["view"].allowed_methods)
            headers = {"Allow": methods} if error.status_code == 405 else {}
            body = problem(None, str(error.detail), f"{methods} with Accept: application/json")
            return Response(body, status=error.status_code, headers=headers)
    return None


def _unavailable(detail: str, source: SourceStatus | None) -> Response:
    body: UnansweredAnswer = {**problem(None, detail, "try again later"), "source": source}
    return Response(body, status=503, headers={"Retry-After": str(_RETRY_AFTER_S)})
