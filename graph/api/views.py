"""The REST API. Every answer is a type of `graph.core.wire`."""

import time
from collections.abc import Sequence
from typing import Any, cast

from django.core.handlers.asgi import ASGIRequest
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from graph.api.answers import problem
from graph.api.wire_schema import refer
from graph.core.engine import ViewSpec
from graph.live.desk import Desk
from graph.live.guest import Guest, guest_of
from graph.live.parameters import (
    DEFAULT_TYPE,
    GRAPH_TYPES,
    PERSPECTIVES,
    VIEW_PARAMETERS,
    BadParameter,
    Query,
    moment,
    refuse_unknown,
    single,
    view_spec,
)
from graph.sources.tab import opened

VIEW = (
    OpenApiParameter(
        "type",
        str,
        enum=GRAPH_TYPES,
        default=DEFAULT_TYPE,
        description="What a node stands for.",
    ),
    OpenApiParameter(
        "window",
        str,
        description="Look-back window, one of those that /api/v1/status lists, such as 5m.",
    ),
    OpenApiParameter(
        "namespace",
        str,
        many=True,
        description="Only traffic of these namespaces; repeat for several. Absent: all.",
    ),
    OpenApiParameter(
        "perspective",
        str,
        enum=PERSPECTIVES,
        default="auto",
        description="Whose numbers the edges carry: the reporter rule's, the server's proxies' or "
        "the callers'. Where that side has no proxy, the other side's stand in.",
    ),
    OpenApiParameter(
        "idle",
        bool,
        default=False,
        description="Also what is known but had no traffic in the window.",
    ),
    OpenApiParameter(
        "waypoints",
        bool,
        default=False,
        description="Also the legs from callers to waypoints and from waypoints to servers.",
    ),
    OpenApiParameter(
        "operations",
        bool,
        default=False,
        description="A node for every class of requests, where the mesh labels them "
        "(request_operation).",
    ),
    OpenApiParameter(
        "collapse",
        str,
        many=True,
        description="Draw this namespace as one node, whatever the type; repeat for several.",
    ),
)
AT = OpenApiParameter(
    "at",
    str,
    description="A moment in the past: unix seconds or RFC 3339 with a zone. Absent: now.",
)
_NODE = OpenApiParameter("node", str, description="A node's id. Either this or `edge`.")
_EDGE = OpenApiParameter("edge", str, description="An edge's id. Either this or `node`.")
BAD = {400: refer("ErrorAnswer", "A parameter is wrong; the answer names it.")}
TOO_COSTLY = {429: refer("ErrorAnswer", "So many questions to Prometheus that one has to wait.")}


class LiveView(APIView):
    """A read-only view on this process's desk."""

    http_method_names: Sequence[str] = ("get", "head", "options")

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer, and charge whoever asks for what Prometheus is asked."""
        desk = cast(Desk, request.scope["state"]["desk"])
        with opened(desk.purse.tab(guest_of(request.scope).key)):
            return super().dispatch(request, *args, **kwargs)

    def finalize_response(self, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(*args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    @property
    def desk(self) -> Desk:
        request = cast(ASGIRequest, self.request._request)
        return cast(Desk, request.scope["state"]["desk"])

    @property
    def guest(self) -> Guest:
        """Who asks."""
        return guest_of(cast(ASGIRequest, self.request._request).scope)

    def spec_of(self, query: Query) -> ViewSpec:
        """Return the view that the query describes, as far as whoever asks may see it."""
        return view_spec(query, self.desk.rules.windows, self.guest.permit)


class GraphView(LiveView):
    @extend_schema(
        operation_id="graph",
        summary="The service graph",
        description=(
            "The whole graph of one view. When Prometheus fails, the answer is still 200: the "
            "last good graph (`source.state` is `stale`) or an empty one (`down`), with the "
            "reason. Only a moment in the past that Prometheus does not answer is a 503."
        ),
        parameters=[*VIEW, AT],
        responses={
            200: refer("Snapshot", "The graph."),
            **BAD,
            **TOO_COSTLY,
            503: refer("UnansweredAnswer", "Prometheus did not answer."),
        },
    )
    def get(self, request: Request) -> Response:
        query = query_of(request, *VIEW_PARAMETERS, "at")
        spec = self.spec_of(query)
        at = moment(query, time.time())
        return Response(self.desk.live(spec) if at is None else self.desk.moment(spec, at))


class StatusView(LiveView):
    @extend_schema(
        operation_id="status",
        summary="What meshviz asks, and how it goes",
        responses={200: refer("MeshvizStatus", "Source, feeds, versions."), **BAD},
    )
    def get(self, request: Request) -> Response:
        query_of(request)
        return Response(self.desk.status(self.guest.permit))


class QueriesView(LiveView):
    @extend_schema(
        operation_id="queries",
        summary="The PromQL behind the numbers of one node or edge",
        parameters=[*VIEW, AT, _NODE, _EDGE],
        responses={
            200: refer("Queries", "One query per number."),
            **BAD,
            **TOO_COSTLY,
            404: refer("ErrorAnswer", "The graph has no such node or edge at present."),
            503: refer("UnansweredAnswer", "Prometheus did not answer for the moment asked for."),
        },
    )
    def get(self, request: Request) -> Response:
        query = query_of(request, *VIEW_PARAMETERS, "at", "node", "edge")
        spec = self.spec_of(query)
        at = moment(query, time.time())
        node, edge = single(query, "node"), single(query, "edge")
        if (node is None) == (edge is None):
            raise BadParameter("node", "exactly one of node and edge is needed", "node=ID, edge=ID")
        try:
            return Response(self.desk.queries(spec, at, node=node, edge=edge))
        except KeyError:
            name, a_name = ("node", "a node") if edge is None else ("edge", "an edge")
            detail = f"the graph has no such {name} at present"
            return Response(problem(name, detail, f"the id of {a_name} of this view"), status=404)


def query_of(request: Request, *known: str) -> Query:
    """Return the query's values by name; raise BadParameter for a name that is not known."""
    query = dict(request.query_params.lists())
    refuse_unknown(query, *known)
    return query
