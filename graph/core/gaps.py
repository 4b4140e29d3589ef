"""Where the two proxies of an edge disagree, which says what happened in between."""

from collections.abc import Callable
from math import sqrt

from graph.core import outcomes
from graph.core.figures import digits
from graph.core.outcomes import Outcome
from graph.core.tally import EdgeTally, Tally
from graph.core.wire import Gap

# The two proxies are scraped at different moments, so that even equal counts differ a little: by
# what happened between those moments at both ends of the window, at most half of it in all.
_SCRAPE_NOISE = 0.04
_DEVIATIONS = 3.0


def gap(tally: EdgeTally, window_s: int) -> Gap | None:
    """Return the difference of the two accounts; None unless both proxies count requests."""
    if tally.protocol == "tcp" or tally.sides != {"client", "server"}:
        return None
    client, server = tally.client, tally.server
    unreached = _sum(client, outcomes.never_reached)
    return {
        "network_ms": _network_ms(client, server),
        "unreached_rps": digits(unreached),
        "timed_out_rps": digits(_sum(client, lambda o: outcomes.has_flag(o, "UT"))),
        "abandoned_rps": digits(_sum(server, _is_abandoned)),
        "retried_rps": digits(_retried(client, server, unreached, window_s)),
    }


def _network_ms(client: Tally, server: Tally) -> float | None:
    of_client, of_server = client.times.average_ms, server.times.average_ms
    if of_client is None or of_server is None:
        return None
    return digits(of_client - of_server)


def _sum(tally: Tally, wanted: Callable[[Outcome], bool]) -> float:
    return sum(rate for outcome, rate in tally.outcomes.items() if wanted(outcome))


def _is_abandoned(outcome: Outcome) -> bool:
    return outcome.code == outcomes.NO_RESPONSE or outcomes.has_flag(outcome, "DC")


def _retried(client: Tally, server: Tally, unreached: float, window_s: int) -> float:
    """Return what the server counted beyond the requests that were let through to it."""
    seen = outcomes.total(server.outcomes)
    more = seen - (outcomes.total(client.outcomes) - unreached)
    chance = max(_SCRAPE_NOISE * seen, _DEVIATIONS * sqrt(seen / (2 * window_s)))
    return more if more > chance else 0.0
