"""The page itself, and the pages for when something is not there."""

from typing import cast

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django_vite.core.asset_loader import (  # type: ignore[import-untyped]  # it has no types
    DjangoViteAssetLoader,
)

from graph.live.guest import guest_of
from meshviz import __version__, config


class _Build:
    """Which build of the front end Django knows; a new one is noticed by its time."""

    seen_ns: int | None = None

    @classmethod
    def refresh(cls) -> bool:
        """Return whether there is a built front end, after reading the newest manifest."""
        try:
            built_ns = settings.FRONTEND_MANIFEST.stat().st_mtime_ns
        except FileNotFoundError:
            return False
        if built_ns != cls.seen_ns:
            # django-vite reads the manifest once; it has no other way to make it read again.
            DjangoViteAssetLoader._instance = None
            cls.seen_ns = built_ns
        return True


def is_built() -> bool:
    """Return whether there is a built front end, and know the newest."""
    return _Build.refresh()


def index(request: HttpRequest) -> HttpResponse:
    """Return the page, or one that says how to build it."""
    if not _Build.refresh():
        return render(request, "unbuilt.html", {"command": "make setup"}, status=503)
    guest = guest_of(cast(ASGIRequest, request).scope)
    response = render(
        request,
        "index.html",
        {
            "version": __version__,
            "windows": [config.compact(window) for window in settings.MESHVIZ.windows],
            "default_window": config.compact(settings.MESHVIZ.window),
            # As text: a template would write numbers as the server's language does.
            "query_budget": str(settings.MESHVIZ.query_budget),
            "sign_in": settings.MESHVIZ.told_sign_in,
            "user": guest.name or "",
            "role": guest.role,
            # Who sees a part of the mesh is told so, and not shown what is about all of it.
            "is_limited": "true" if guest.permit else "false",
        },
    )
    # The page names hashed files: an old copy would ask for files that are gone.
    response["Cache-Control"] = "no-cache"
    return response


def bad(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return a 400 for what Django finds suspicious, such as thousands of parameters."""
    return _refusal(request, 400, "meshviz does not take such requests.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return a 404 that never repeats the address it was asked for."""
    return _refusal(request, 404, "There is nothing at this address.")


def failed(request: HttpRequest) -> HttpResponse:
    """Return a 500 without details; they are in the log."""
    return _refusal(request, 500, "meshviz failed on this request; its log says why.")


def _refusal(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        error = {"parameter": None, "detail": detail, "accepted": "see /api/docs"}
        return JsonResponse({"error": error}, status=status)
    return HttpResponse(f"{detail}\n", status=status, content_type="text/plain; charset=utf-8")
