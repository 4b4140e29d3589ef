"""Tokens for programs: made and deleted by the operator, looked up with every request.

A token is 256 random bits, so that a plain digest is enough to keep: nobody finds it by trying.
"""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import cast

import orjson
from django.db.models import Q

from graph.core.permit import permit_of
from graph.core.wire import Role
from meshviz.access import Rights
from meshviz.signin.models import ApiToken

PREFIX = "meshviz_"
_MOST_LENGTH = 200
# Whether a token is still in use is a question of days.
_NOTED_EVERY = timedelta(hours=1)


def made(name: str, role: Role, patterns: Collection[str], expires: datetime | None) -> str:
    """Return a new token, which is told this once."""
    token = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(
        name=name,
        digest=_digest(token),
        role=role,
        namespaces=orjson.dumps(sorted(set(patterns))).decode(),
        expires=expires,
    )
    return token


def living(tokens: Sequence[str], now: datetime) -> dict[str, tuple[str, Rights]]:
    """Return the name and the rights of each token that is good."""
    digests = {_digest(token): token for token in tokens if len(token) <= _MOST_LENGTH}
    good = Q(expires=None) | Q(expires__gt=now)
    rows = list(ApiToken.objects.filter(good, digest__in=digests))
    stale = [row.pk for row in rows if row.used is None or now - row.used > _NOTED_EVERY]
    if stale:
        ApiToken.objects.filter(pk__in=stale).update(used=now)
    return {digests[row.digest]: (row.name, _rights(row)) for row in rows}


def _rights(row: ApiToken) -> Rights:
    return Rights(cast(Role, row.role), permit_of(orjson.loads(row.namespaces)))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
