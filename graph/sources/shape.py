"""What was found of a mesh's series, as far as it changes how they are asked for."""

from dataclasses import dataclass
from typing import NamedTuple

from graph.sources.naming import Matcher


class Copies(NamedTuple):
    """Series that are stored several times: alike but for some labels that scraping added."""

    # Which series these are, when not all.
    matchers: tuple[Matcher, ...]
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """The defaults are an ordinary mesh of sidecars, scraped once."""

    # The matcher of what ztunnels counted; None when there are none, or nothing tells them.
    ztunnel: Matcher | None = None
    operations: bool = False
    # Mixer 0.x: istio_request_count. Mixer 1.x: istio_request_duration_seconds.
    mixer_0: bool = False
    mixer_1: bool = False
    # Histograms that only exist as native ones.
    native: frozenset[str] = frozenset()
    copies: tuple[Copies, ...] = ()
    # Leaves out what recording rules wrote under the same name.
    genuine: tuple[Matcher, ...] = ()
    # Recording rules turned what waypoints report into reports of a source and a destination.
    waypoint_copies: bool = False
    # Labels by which `up` tells about a series; none when `up` cannot be had.
    births_on: tuple[str, ...] = ()
    # Series whose `up` is not their own are none of them.
    births_of: tuple[Matcher, ...] = ()
    # Whether the operator's selector finds targets (`up`) too, or Istio's series only.
    selects_targets: bool = False


PLAIN = Shape()
