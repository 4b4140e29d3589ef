"""What an operator decided about the mesh: how names are read and what counts as healthy."""

from dataclasses import dataclass, field

from graph.core.health import DEFAULT_RULES, HealthRules


@dataclass(frozen=True, slots=True)
class MeshRules:
    """Decisions that no label can make.

    Patterns are shell-style (``*`` stands for any text) and may begin with a namespace:
    ``istio-system/edge-*``.
    """

    # Workloads that are waypoints or gateways although nothing in their labels says so.
    waypoints: tuple[str, ...] = ()
    gateways: tuple[str, ...] = ()
    # Families of names (one service per tenant, per shard ...) that are drawn as one node, which
    # goes by the pattern itself.
    groups: tuple[str, ...] = ()
    health: HealthRules = field(default=DEFAULT_RULES)


DEFAULT = MeshRules()
