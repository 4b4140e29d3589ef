"""How much of a change chance alone explains.

Rates and quantiles over a window rest on a finite number of requests. Two windows of the same
steady traffic with n requests each differ by about sqrt(2/n) in their rates, more in a mean (a few
slow requests carry it) and most in the tail. A change within a few such deviations is no news:
sending it would make every frame a full one, and every digit on the screen flicker.

A band is a factor up or down. It is always around the number that viewers see, so noise does not
add up to an unseen drift, and it is never wider than three times as much or a third, or ten times
where a few events are all there is. A difference of two means is as uncertain as they are, however
small it is itself.
"""

from collections.abc import Mapping
from math import sqrt

# How many standard deviations of chance a change has to leave behind.
_DEVIATIONS = 3.0
_WIDEST = 2.0
# Where a few events are all there is: a rare outcome beside many others, connections that stay, and
# tails, which are the slowest one or two of a hundred requests.
_WIDEST_OF: Mapping[str, float] = dict.fromkeys(
    ("outcome_rps", "connections_per_s", "connections_closed_per_s", "p95", "p99"), 9.0
)

# Relative standard deviation of the difference of two estimates from n requests, times sqrt(n),
# with the narrowest band that is ever used. As measured: between two minutes of steady traffic, 95
# to 98 of 100 edges with 20 to 1,000 requests stay within three such deviations. Latencies are
# lognormal there, as those of real services are, and quantiles jump inside buckets two to five
# times as wide.
_SPREAD: Mapping[str, tuple[float, float]] = {
    "rps": (1.4, 0.04),
    "connections_per_s": (2.5, 0.05),
    "connections_closed_per_s": (2.5, 0.05),
    "outcome_rps": (1.4, 0.04),
    # Counts of rare events among many requests.
    "unreached_rps": (2.0, 0.10),
    "timed_out_rps": (2.0, 0.10),
    "abandoned_rps": (2.0, 0.10),
    "retried_rps": (4.0, 0.20),
    "sent_mps": (2.0, 0.04),
    "received_mps": (2.0, 0.04),
    "sent_bps": (2.0, 0.05),
    "received_bps": (2.0, 0.05),
    "avg": (3.0, 0.05),
    "p50": (2.0, 0.10),
    "p90": (3.0, 0.10),
    "p95": (5.0, 0.15),
    "p99": (9.0, 0.25),
}
# The same for the difference of two means, relative to them: both proxies saw most of the requests,
# but are scraped at different moments.
_DIFFERENCE = (1.0, 0.02)
# Without a count to go by (long TCP connections): bytes are reported in bursts.
_UNCOUNTED = 0.15
# Ratios are compared on their own scale: 0.1 % and 0.2 % of errors look the same, 1 % and 2 % not.
RATIOS = frozenset({"error_ratio", "client_error_ratio", "ratio"})
_RATIO_BAND = 0.005


def is_noise(name: str, old: float, new: float, requests: float | None) -> bool:
    """Tell whether the field's change is no more than chance makes of steady traffic.

    ``requests`` is how many requests (or connections) of the window stand behind the old number.
    Coming from or going to zero is never noise.
    """
    if old == new:
        return True
    if (old == 0) != (new == 0):
        return False
    if name in RATIOS:
        return abs(new - old) <= _ratio_band(old, requests)
    band = 1.0 + _band(name, requests)
    return old / band <= new <= old * band


def is_noise_between_means(
    old: float, new: float, mean: float | None, requests: float | None
) -> bool:
    """Tell the same of a difference between two means, of which ``mean`` is one."""
    if not requests or not mean:
        return old == new
    spread, narrowest = _DIFFERENCE
    return abs(new - old) <= mean * max(narrowest, _DEVIATIONS * spread / sqrt(requests))


def _band(name: str, requests: float | None) -> float:
    spread, narrowest = _SPREAD.get(name, (0.0, 0.0))
    if not requests:
        return max(narrowest, _UNCOUNTED) if spread else 0.0
    widest = _WIDEST_OF.get(name, _WIDEST)
    return min(widest, max(narrowest, _DEVIATIONS * spread / sqrt(requests)))


def _ratio_band(ratio: float, requests: float | None) -> float:
    if not requests:
        return _RATIO_BAND
    return max(_RATIO_BAND, _DEVIATIONS * sqrt(2 * ratio * (1 - ratio) / requests))
