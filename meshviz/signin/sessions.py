"""Which sessions are those of people who may come in, and who they are."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

# What the provider said at the sign-in, where there is one.
GROUPS_KEY = "groups"
_AT_ONCE = 500  # SQLite takes so many values in one question, and some more

# A name, groups, and whether all doors are open to them.
Person = tuple[str, Collection[str], bool]


def living(keys: Sequence[str]) -> dict[str, Person]:
    """Return who is behind those keys that are sessions of active users with their password.

    It is what Django does for one request, for many sessions in a few questions.
    """
    found: dict[str, Person] = {}
    for start in range(0, len(keys), _AT_ONCE):
        found.update(_living(keys[start : start + _AT_ONCE]))
    return found


def _living(keys: Sequence[str]) -> Iterator[tuple[str, Person]]:
    rows = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    data = {row.session_key: row.get_decoded() for row in rows}
    users = _users(data)
    for key, each in data.items():
        user = users.get(str(each.get(SESSION_KEY)))
        if user is not None and constant_time_compare(
            each.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()
        ):
            # Elsewhere a provider says what people are called: no name of theirs opens all doors.
            is_superuser = user.is_superuser and settings.MESHVIZ.sign_in == "users"
            yield key, (user.get_username(), _groups(user, each), is_superuser)


def _users(data: Mapping[str, Mapping[str, Any]]) -> Mapping[str, User]:
    ids = {each[SESSION_KEY] for each in data.values() if SESSION_KEY in each}
    users = User.objects.filter(pk__in=ids, is_active=True)
    if settings.MESHVIZ.sign_in == "users":
        users = users.prefetch_related("groups")
    return {str(user.pk): user for user in users}


def _groups(user: User, data: Mapping[str, Any]) -> Collection[str]:
    if settings.MESHVIZ.sign_in == "users":
        return [group.name for group in user.groups.all()]
    return [str(name) for name in data.get(GROUPS_KEY, ())]
