"""GET /api/v1/doctor: whether Prometheus can carry a true graph."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from graph.api.answers import Refused
from graph.api.views import BAD, TOO_COSTLY, LiveView, query_of
from graph.api.wire_schema import refer


class DoctorView(LiveView):
    """Runs in the request's thread; whoever asks at the same time gets the same diagnosis."""

    @extend_schema(
        operation_id="doctor",
        summary="Whether Prometheus can carry a true graph",
        description=(
            "One line per check, in the order in which they build on each other, each green, amber "
            "or red with what to do, or skipped. Takes about as long as one tick; the answer may "
            "be a few seconds old. A broken Prometheus is a red line, not an error."
        ),
        responses={
            200: refer("Diagnosis", "The diagnosis."),
            **BAD,
            **TOO_COSTLY,
            403: refer("ErrorAnswer", "Whoever asks may see a part of the mesh alone."),
        },
    )
    def get(self, request: Request) -> Response:
        query_of(request)
        if self.guest.permit:
            detail = "the diagnosis is about the whole mesh, of which you may see a part"
            raise Refused(403, "not_permitted", detail, "somebody who may see every namespace")
        return Response(self.desk.diagnosis())
