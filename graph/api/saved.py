"""/api/v1/saved-views: what people keep under a name."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from graph.api.answers import Refused
from graph.api.drafts import draft_of
from graph.api.signed_in import UNKNOWN, PersonalView
from graph.api.views import BAD, query_of
from graph.api.wire_schema import body, refer
from graph.saved.draft import MOST_VIEWS

_FORBIDDEN = {403: refer("ErrorAnswer", "It is somebody else's, or the token is missing.")}
_NOBODYS = {403: refer("ErrorAnswer", "A program asks, which has no views.")}
_MISSING = {404: refer("ErrorAnswer", "There is none, or somebody keeps it to themselves.")}
_CONFLICT = {409: refer("ErrorAnswer", "The name is taken, or there are too many.")}
_WRITING = {
    **BAD,
    **UNKNOWN,
    **_CONFLICT,
    403: refer("ErrorAnswer", "The token is missing, or it is somebody else's."),
    413: refer("ErrorAnswer", "The body is too large."),
}


class SavedViewsView(PersonalView):
    http_method_names = ("get", "head", "post", "options")

    @extend_schema(
        operation_id="saved_views",
        summary="The views that one has saved, and those that others share",
        responses={
            200: refer("SavedViews", "The views, without places."),
            **BAD,
            **UNKNOWN,
            **_NOBODYS,
        },
    )
    def get(self, request: Request) -> Response:
        query_of(request)
        person = self.person
        with _store() as store:
            return Response({"views": store.listed(person, self.guest.permit), "most": MOST_VIEWS})

    @extend_schema(
        operation_id="save_view",
        summary="Save a view",
        request=body("SavedViewDraft"),
        responses={201: refer("SavedViewWhole", "The view."), **_WRITING},
    )
    def post(self, request: Request) -> Response:
        query_of(request)
        self.demand("editor")
        person = self.person
        draft = draft_of(request.data, is_new=True)
        with _store() as store:
            return Response(store.add(person, draft, self.guest.permit), status=201)


class SavedViewView(PersonalView):
    http_method_names = ("get", "head", "put", "delete", "options")

    @extend_schema(
        operation_id="saved_view",
        summary="One saved view, with its places",
        responses={
            200: refer("SavedViewWhole", "The view."),
            **BAD,
            **UNKNOWN,
            **_NOBODYS,
            **_MISSING,
        },
    )
    def get(self, request: Request, number: int) -> Response:
        query_of(request)
        person = self.person
        with _store() as store:
            return Response(store.one(person, number, self.guest.permit))

    @extend_schema(
        operation_id="change_saved_view",
        summary="Change what is given of a saved view",
        request=body("SavedViewDraft"),
        responses={200: refer("SavedViewWhole", "The view."), **_WRITING, **_MISSING},
    )
    def put(self, request: Request, number: int) -> Response:
        query_of(request)
        self.demand("editor")
        person = self.person
        draft = draft_of(request.data, is_new=False)
        with _store() as store:
            return Response(store.change(person, number, draft, self.guest.permit))

    @extend_schema(
        operation_id="forget_view",
        summary="Forget a saved view",
        description="One's own; an admin also removes what others share.",
        responses={204: None, **BAD, **UNKNOWN, **_FORBIDDEN, **_MISSING},
    )
    def delete(self, request: Request, number: int) -> Response:
        query_of(request)
        self.demand("editor")
        person = self.person
        with _store() as store:
            store.remove(person, number, self.guest.permit, anybodys=self.guest.may("admin"))
        return Response(status=204)


@contextmanager
def _store() -> Iterator[Any]:
    """Give the store, and turn what it refuses into answers."""
    # Its tables are known only where people sign in.
    from graph.saved import store

    try:
        yield store
    except store.NotThere:
        raise Refused(404, "not_there", "there is no such view", "an id of the list") from None
    except store.NotYours:
        detail = "it is shared by somebody else"
        raise Refused(403, "not_yours", detail, "a view of your own") from None
    except store.NameTaken:
        detail = "you have another view of this name"
        raise Refused(409, "name_taken", detail, "another name, or PUT to that view", "name") from (
            None
        )
    except store.TooMany:
        detail = f"you have {MOST_VIEWS} views already"
        raise Refused(409, "too_many", detail, f"at most {MOST_VIEWS}") from None
