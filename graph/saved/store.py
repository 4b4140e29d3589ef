"""What the API does with saved views: everything of one owner, and a look at what others share.

Refusal                 this cannot be done; the subclass says why
├── NotThere            there is none, or it is somebody's own
├── NotYours            it is shared, and only its owner may change it
├── NameTaken           the owner has another of this name
└── TooMany             the owner has as many as one may have
"""

from typing import TYPE_CHECKING

import orjson
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import Q

from graph.core import wire
from graph.core.permit import Permit, covers
from graph.saved.draft import MOST_VIEWS, Draft
from graph.saved.models import SavedView

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# The own ones, and of others' what a person would still scroll through.
_MOST_LISTED = 10 * MOST_VIEWS


class Refusal(Exception):
    """The store will not do it."""


class NotThere(Refusal):
    """There is no such view for this person."""


class NotYours(Refusal):
    """Shared by somebody else, who alone may change it."""


class NameTaken(Refusal):
    """The owner has another view of this name."""


class TooMany(Refusal):
    """The owner has as many views as one may have."""


def listed(person: "User", permit: Permit) -> list[wire.SavedView]:
    """Return the person's own views, then what others share, each by name and without places.

    A view is made of names: others see it who may see all that its owner could.
    """
    seen = SavedView.objects.filter(Q(owner=person) | Q(shared=True)).select_related("owner")
    rows = seen.defer("places").order_by("name")[:_MOST_LISTED]
    found = [_told(view, person) for view in rows if _may_see(person, view, permit)]
    return sorted(found, key=lambda view: (not view["mine"], view["name"].casefold(), view["id"]))


def one(person: "User", number: int, permit: Permit) -> wire.SavedViewWhole:
    """Return a view that the person may see."""
    return _whole(_seen(person, number, permit), person)


def add(person: "User", draft: Draft, permit: Permit) -> wire.SavedViewWhole:
    """Keep a new view of somebody who may see so much.

    A draft without name is the caller's mistake.
    """
    with transaction.atomic():
        # Whoever saves twice at the same moment waits: both would be within the limit alone.
        get_user_model().objects.select_for_update().get(pk=person.pk)
        if SavedView.objects.filter(owner=person).count() >= MOST_VIEWS:
            raise TooMany
        view = SavedView(owner=person)
        return _written(view, draft, person, permit)


def change(person: "User", number: int, draft: Draft, permit: Permit) -> wire.SavedViewWhole:
    """Change what the draft names; the rest stays."""
    with transaction.atomic():
        return _written(_own(person, number, permit), draft, person, permit)


def remove(person: "User", number: int, permit: Permit, *, anybodys: bool = False) -> None:
    """Forget a view of one's own, or ``anybodys`` that one sees."""
    find = _seen if anybodys else _own
    find(person, number, permit).delete()


def _seen(person: "User", number: int, permit: Permit) -> SavedView:
    seen = SavedView.objects.filter(Q(owner=person) | Q(shared=True)).select_related("owner")
    try:
        view = seen.get(pk=number)
    except SavedView.DoesNotExist:
        raise NotThere from None
    if not _may_see(person, view, permit):
        raise NotThere
    return view


def _may_see(person: "User", view: SavedView, permit: Permit) -> bool:
    return view.owner_id == person.pk or covers(permit, _permit_of(view))


def _permit_of(view: SavedView) -> Permit:
    return tuple(tuple(patterns) for patterns in orjson.loads(view.permit))


def _own(person: "User", number: int, permit: Permit) -> SavedView:
    view = _seen(person, number, permit)
    if view.owner_id != person.pk:
        raise NotYours
    return view


def _written(view: SavedView, draft: Draft, person: "User", permit: Permit) -> wire.SavedViewWhole:
    for name, value in draft.items():
        setattr(view, name, value)
    view.permit = orjson.dumps(permit).decode()
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        raise NameTaken from None
    return _whole(view, person)


def _whole(view: SavedView, person: "User") -> wire.SavedViewWhole:
    return {**_told(view, person), "places": orjson.loads(view.places or "null")}


def _told(view: SavedView, person: "User") -> wire.SavedView:
    return {
        "id": str(view.pk),
        "name": view.name,
        "query": view.query,
        "shared": view.shared,
        "owner": view.owner.get_username(),
        "mine": view.owner_id == person.pk,
        "created": view.created.timestamp(),
        "updated": view.updated.timestamp(),
    }
