"""How the API answers: compact JSON, and one shape for everything that goes wrong."""

import logging
from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework import exceptions
from rest_framework.renderers import BaseRenderer
from rest_framework.response import Response
from typing_extensions import TypedDict

from graph.core.wire import SourceStatus
from graph.live.desk import Busy, Unanswered
from graph.live.parameters import BadParameter

log = logging.getLogger(__name__)

_RETRY_AFTER_S = 5


class Problem(TypedDict):
    """What is wrong with a request, and what would be accepted."""

    parameter: str | None
    detail: str
    accepted: str


class ErrorAnswer(TypedDict):
    """Body of every 4xx answer."""

    error: Problem


class UnansweredAnswer(TypedDict):
    """Body of a 503: Prometheus did not answer a question about the past."""

    error: Problem
    source: SourceStatus | None


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


def problem(parameter: str | None, detail: str, accepted: str) -> ErrorAnswer:
    return {"error": {"parameter": parameter, "detail": detail, "accepted": accepted}}


def explain_exception(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Return the answer to an exception of a view; None lets Django answer 500."""
    match error:
        case BadParameter():
            return Response(problem(error.parameter, error.detail, error.accepted), status=400)
        case Unanswered():
            return _unavailable(error.state.status["detail"], error.state.status)
        case Busy():
            return _unavailable(str(error), None)
        case exceptions.APIException():
            headers = {"Allow": "GET, HEAD, OPTIONS"} if error.status_code == 405 else {}
            body = problem(None, str(error.detail), "GET with Accept: application/json")
            return Response(body, status=error.status_code, headers=headers)
    return None


def _unavailable(detail: str, source: SourceStatus | None) -> Response:
    body: UnansweredAnswer = {**problem(None, detail, "try again later"), "source": source}
    return Response(body, status=503, headers={"Retry-After": str(_RETRY_AFTER_S)})
