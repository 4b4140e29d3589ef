"""What the operator decided, as far as serving and polling are concerned."""

from dataclasses import dataclass

from graph.core.bounds import Limits
from graph.core.rules import DEFAULT, MeshRules
from graph.live.feeds import Pace
from graph.live.hub import WHOLE, Shares
from graph.live.parameters import Windows

_SPARE_S = 2.0  # on top of a query's own deadline


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings of a desk."""

    version: str
    windows: Windows
    pace: Pace
    query_timeout_s: float
    max_views: int
    max_viewers: int
    max_nodes: int = 1500
    max_edges: int = 5000
    shares: Shares = WHOLE
    # Seconds of Prometheus' time that one user, and everybody together, may take in a minute.
    query_s_per_user: float = 120.0
    query_s: float = 240.0
    # How long a question about the past may wait for its turn.
    look_queue_s: float = 5.0
    mesh: MeshRules = DEFAULT

    @property
    def default_window_s(self) -> int:
        return self.windows.seconds[self.windows.default]

    @property
    def limits(self) -> Limits:
        """How much one picture may hold."""
        return Limits(self.max_nodes, self.max_edges)

    @property
    def patience_s(self) -> float:
        """How long a caller waits for a window's first answer."""
        return self.query_timeout_s + _SPARE_S
