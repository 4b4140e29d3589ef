"""Callers that a server's proxy could not name, although their own proxies report them.

Plain TCP carries no word on who is calling. A server then counts bytes from "unknown", while the
caller's proxy counts the same bytes towards that server. Drawn as they are, they would be two edges
with the same traffic; so what the callers' proxies account for is taken off the unknown one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from graph.core.accounts import COUNTERS, Account, Teller
from graph.core.identity import PeerKey, is_known
from graph.core.reporters import ReporterRule

Accounts = Iterable[tuple[Teller, Account]]

# The two proxies are scraped at different moments: a remainder up to this share is no caller.
_SCRAPE_NOISE = 0.15


def named_strangers(
    accounts: Accounts, rule: ReporterRule
) -> tuple[list[tuple[Teller, Account]], Mapping[PeerKey, Mapping[str, float]]]:
    """Return the accounts without what is told twice, and what servers say of its security.

    The second value is by called peer: the policies of connections whose callers did not name
    themselves, for the edges of those callers.
    """
    every = list(accounts)
    told = _told_by_callers(every, rule)
    if not told:
        return every, {}
    security: dict[PeerKey, Mapping[str, float]] = {}
    kept: list[tuple[Teller, Account]] = []
    for teller, account in every:
        link, reporter = teller
        known = told.get(link.target)
        if known is None or reporter != "destination" or not _is_stranger(teller):
            kept.append((teller, account))
            continue
        security[link.target] = account.security
        rest = _less(account, known)
        if rest is not None:
            kept.append((teller, rest))
    return kept, security


def _is_stranger(teller: Teller) -> bool:
    link = teller[0]
    return link.protocol == "tcp" and not is_known(link.source)


def _told_by_callers(every: Accounts, rule: ReporterRule) -> dict[PeerKey, dict[str, float]]:
    """Return the counters of callers that their servers did not recognise, by called peer."""
    strangers = {t[0].target for t, _ in every if _is_stranger(t) and t[1] == "destination"}
    totals: defaultdict[PeerKey, dict[str, float]] = defaultdict(dict)
    for teller, account in _unrecognised(every, rule):
        target = teller[0].target
        if target in strangers:
            sums = totals[target]
            for name in COUNTERS:
                sums[name] = sums.get(name, 0.0) + (getattr(account, name) or 0.0)
    return dict(totals)


def _unrecognised(every: Accounts, rule: ReporterRule) -> Iterator[tuple[Teller, Account]]:
    for teller, account in every:
        link, reporter = teller
        if reporter == "source" and link.protocol == "tcp" and rule.is_unserved(link):
            yield teller, account


def _less(account: Account, known: Mapping[str, float]) -> Account | None:
    """Return the account without what is known, None when next to nothing is left."""
    left = {
        name: None if (value := getattr(account, name)) is None else max(0.0, value - known[name])
        for name in COUNTERS
    }
    whole = (account.sent_bps or 0.0) + (account.received_bps or 0.0)
    rest = (left["sent_bps"] or 0.0) + (left["received_bps"] or 0.0)
    if rest <= whole * _SCRAPE_NOISE:
        return None
    share = rest / whole
    remaining = replace(
        account, outcomes={outcome: rate * share for outcome, rate in account.outcomes.items()}
    )
    for name, value in left.items():
        setattr(remaining, name, value)
    return remaining
