"""meshviz' addresses and one more: `/kept/NAME` counts, in the database, how often it was asked."""

from datetime import UTC, datetime

from django.contrib.sessions.models import Session
from django.db import Error, transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path

from meshviz.urls import handler404, handler500
from meshviz.urls import urlpatterns as ours

__all__ = ["handler404", "handler500", "urlpatterns"]

_NEW = {"session_data": "0", "expire_date": datetime(2100, 1, 1, tzinfo=UTC)}


def count(request: HttpRequest, name: str) -> JsonResponse:
    try:
        with transaction.atomic():
            rows = Session.objects.select_for_update()
            row, _ = rows.get_or_create(session_key=name, defaults=_NEW)
            row.session_data = str(int(row.session_data) + 1)
            row.save()
    except Error as error:
        return JsonResponse({"error": str(error)}, status=503)
    return JsonResponse({"times": int(row.session_data)})


urlpatterns = [*ours, path("kept/<slug:name>", count)]
