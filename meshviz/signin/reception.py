"""Makes guests of those who show a ticket: looks up who they are, and what they may see."""

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

from graph.live.guest import Guest
from meshviz.access import Rights
from meshviz.signin import tokens
from meshviz.signin.access_file import AccessFile
from meshviz.signin.tickets import ByProxy, BySession, ByToken, Counter, Ticket


class Known(NamedTuple):
    """Somebody who was recognised."""

    name: str
    groups: Collection[str]
    is_superuser: bool = False


class Reception:
    """All that a server knows about who may come in. For threads, but for `counter`."""

    def __init__(self, counter: Counter, access: AccessFile) -> None:
        self.counter = counter
        self._access = access

    def guests(self, tickets: Iterable[Ticket]) -> dict[Ticket, Guest]:
        """Return a guest for each ticket that is good. Raises Django's database errors."""
        wanted = list(dict.fromkeys(tickets))
        found: dict[Ticket, Guest] = {}
        for ticket in wanted:
            if isinstance(ticket, ByProxy):
                found[ticket] = self._person(Known(ticket.name, ticket.groups))
        found.update(self._of_sessions([one for one in wanted if isinstance(one, BySession)]))
        found.update(_of_tokens([one for one in wanted if isinstance(one, ByToken)]))
        return found

    def _of_sessions(self, tickets: Collection[BySession]) -> Mapping[Ticket, Guest]:
        if not tickets:
            return {}
        # Its table is known only where people sign in here.
        from meshviz.signin import sessions

        people = sessions.living([ticket.key for ticket in tickets])
        return {
            ticket: self._person(Known(*people[ticket.key]))
            for ticket in tickets
            if ticket.key in people
        }

    def _person(self, known: Known) -> Guest:
        rules = self._access.rules()
        rights = rules.of(known.name, known.groups, is_superuser=known.is_superuser)
        return Guest(known.name, f"user {known.name}", rights.role, rights.permit)


def _of_tokens(tickets: Collection[ByToken]) -> Mapping[Ticket, Guest]:
    found = tokens.living([ticket.token for ticket in tickets], timezone.now()) if tickets else {}
    return {ticket: _robot(*found[ticket.token]) for ticket in tickets if ticket.token in found}


def _robot(name: str, rights: Rights) -> Guest:
    return Guest(None, f"token {name}", rights.role, rights.permit)


@cache
def reception() -> Reception:
    """Return the reception of this process."""
    wanted = settings.MESHVIZ
    counter = Counter(wanted, settings.SESSION_COOKIE_NAME)
    return Reception(counter, AccessFile(wanted.access_file))
