"""Which sessions are those of people who may come in."""

from collections.abc import Iterator, Sequence

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

_AT_ONCE = 500  # SQLite takes so many values in one question, and some more


def living(keys: Sequence[str]) -> set[str]:
    """Return those of the keys that are sessions of active users with their present password.

    It is what Django does for one request, for many sessions in two questions.
    """
    found: set[str] = set()
    for start in range(0, len(keys), _AT_ONCE):
        found.update(_living(keys[start : start + _AT_ONCE]))
    return found


def _living(keys: Sequence[str]) -> Iterator[str]:
    rows = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    data = {row.session_key: row.get_decoded() for row in rows}
    ids = {each[SESSION_KEY] for each in data.values() if SESSION_KEY in each}
    users = {str(user.pk): user for user in User.objects.filter(pk__in=ids, is_active=True)}
    for key, each in data.items():
        user = users.get(str(each.get(SESSION_KEY)))
        if user is not None and constant_time_compare(
            each.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()
        ):
            yield key
