"""Charts by REST: numbers over a range of time, and how response times are distributed."""

import time

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from graph.api.answers import problem
from graph.api.views import AT, BAD, TOO_COSTLY, VIEW, LiveView, query_of
from graph.api.wire_schema import refer
from graph.live.chart_parameters import (
    DEFAULT_RANGE,
    HISTORY_PARAMETERS,
    RANGES,
    history_asked,
    target_of,
)
from graph.live.parameters import VIEW_PARAMETERS, moment
from graph.sources.chart import TOPICS
from graph.sources.strands import Target

_NODE = OpenApiParameter("node", str, description="A node's id.")
_EDGE = OpenApiParameter("edge", str, description="An edge's id.")
_HISTORY = (
    _NODE,
    _EDGE,
    OpenApiParameter(
        "in_namespace",
        str,
        description="All traffic to and from a namespace. Without node, edge and this: everything.",
    ),
    OpenApiParameter("range", str, enum=list(RANGES), default=DEFAULT_RANGE),
    OpenApiParameter(
        "end",
        str,
        description="Unix seconds or RFC 3339 with a zone. Absent: now.",
    ),
    OpenApiParameter(
        "step",
        str,
        description="Time from point to point, such as 15s or 1m. Absent: as fits range and "
        "scrape interval, 240 points at most.",
    ),
    OpenApiParameter(
        "fields",
        str,
        description=f"Some of {','.join(TOPICS)}; absent: all. Each costs queries of its own.",
    ),
    OpenApiParameter(
        "by",
        str,
        enum=["version"],
        description="Lines towards a node or of an edge for each version of the server.",
    ),
)


class HistoryView(LiveView):
    @extend_schema(
        operation_id="history",
        summary="The numbers of a node, an edge, a namespace or everything over time",
        parameters=[*VIEW, *_HISTORY],
        responses={
            200: refer("History", "One series for each line of a chart."),
            **BAD,
            **TOO_COSTLY,
            404: refer("ErrorAnswer", "The graph has no such node, edge or namespace then."),
            503: refer("UnansweredAnswer", "Prometheus did not answer."),
        },
    )
    def get(self, request: Request) -> Response:
        query = query_of(request, *VIEW_PARAMETERS, *HISTORY_PARAMETERS)
        spec = self.spec_of(query)
        asked = history_asked(query, time.time())
        try:
            return Response(self.desk.history(spec, asked))
        except KeyError:
            return missing(asked.target)


class DistributionView(LiveView):
    @extend_schema(
        operation_id="distribution",
        summary="How long the requests of a node or an edge took",
        description="By each side's proxies that measured it, as quantiles are made of it.",
        parameters=[*VIEW, AT, _NODE, _EDGE],
        responses={
            200: refer("Distribution", "Requests per second by bucket, not cumulative."),
            **BAD,
            **TOO_COSTLY,
            404: refer("ErrorAnswer", "The graph has no such node or edge then."),
            503: refer("UnansweredAnswer", "Prometheus did not answer."),
        },
    )
    def get(self, request: Request) -> Response:
        query = query_of(request, *VIEW_PARAMETERS, "at", "node", "edge")
        spec = self.spec_of(query)
        at = moment(query, time.time())
        target = target_of(query, entity_only=True)
        try:
            return Response(self.desk.distribution(spec, target, at))
        except KeyError:
            return missing(target)


def missing(target: Target) -> Response:
    """Return the answer to a question about what the graph does not have."""
    name = "edge" if target.edge else "node" if target.node else "in_namespace"
    thing = {"edge": "edge", "node": "node", "in_namespace": "namespace"}[name]
    accepted = "a namespace" if name == "in_namespace" else f"the id of one {thing}"
    detail = f"the graph has no such {thing} at that time"
    return Response(problem(name, detail, f"{accepted} of this view"), status=404)
