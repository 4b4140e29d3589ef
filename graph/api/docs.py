"""The API's own documentation: the OpenAPI document, and a page to try it on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.views import SpectacularAPIView


class SchemaView(SpectacularAPIView):
    """The OpenAPI document, as JSON."""

    renderer_classes = [OpenApiJsonRenderer]  # noqa: RUF012  # as its base declares it


def page(request: HttpRequest) -> HttpResponse:
    """Return Swagger UI, from files of our own: the page works without the internet."""
    return render(request, "docs.html")
