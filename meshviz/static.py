"""Serves the built front end and Swagger UI's files under /static/."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import (  # type: ignore[import-untyped]  # it has no types
    WhiteNoiseMiddleware,
)


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # whitenoise has no types
    """WhiteNoise that reads a file at once instead of streaming it.

    Under ASGI Django would iterate a streamed file in a thread of its own, in 4 kB pieces, and
    warn about it. The largest file here is Swagger UI's 1.5 MB.
    """

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponse:
        answer = static_file.get_response(request.method, request.META)
        body = b""
        if answer.file is not None:
            with answer.file as file:
                body = file.read()
        response = HttpResponse(body, status=int(answer.status))
        del response["Content-Type"]
        for key, value in answer.headers:
            response[key] = value
        return response
