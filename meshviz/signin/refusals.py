"""Answers to forms and requests whose token does not fit."""

from django.http import HttpRequest, HttpResponse

from meshviz.signin import pages
from meshviz.signin.gate import LOGIN


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token does not fit (Django calls this)."""
    if request.path == LOGIN:
        return pages.form(request, pages.Turned("stale", 403))
    return HttpResponse("The page is out of date: load it again.\n", "text/plain", 403)
