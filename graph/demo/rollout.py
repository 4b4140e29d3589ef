"""Pods replaced as Kubernetes does it: the new one is there before it serves, the old one after.

So Prometheus sees what the old pod counted last, and the new pod's counters appear on a target
that it already scrapes. On merged pages only pods that serve are seen.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from graph.demo.exposition import Exposition
from graph.demo.ledger import Ledger
from graph.demo.pods import Pod, Pods

# Kubernetes' default grace period: the old pod stays, with its last counts, and serves nobody.
DRAIN_S = 30.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A pod that can be scraped, and the slot that it serves, will serve or has served in."""

    slot: int
    pod: Pod


@dataclass(frozen=True, slots=True)
class _Leaving:
    seen: Seen
    page: bytes
    until: float


class Rollout:
    """The pods that come and go."""

    def __init__(self, pods: Pods, ledger: Ledger, exposition: Exposition) -> None:
        self._pods = pods
        self._ledger = ledger
        self._exposition = exposition
        self._coming: dict[int, Pod] = {}
        self._leaving: list[_Leaving] = []
        self._serving = list(pods.reporting())
        self._silent: set[int] = set()

    def serving(self) -> list[int]:
        """Return the slots whose pods serve and have a proxy to scrape."""
        return self._serving

    def resize(self, slots: Collection[int], at: float) -> None:
        """Let pods serve in these slots only: new ones arrive, those left over drain."""
        for slot in self._serving:
            if slot not in slots:
                self._leave(slot, at)
        for slot in self._pods.reporting():
            if slot in slots and slot not in self._serving:
                self._pods.serving[slot] = self._pods.create(slot)
        self._serving = [slot for slot in self._pods.reporting() if slot in slots]

    def restart(self, slot: int) -> None:
        """Let the containers of the pod start anew: the same pod, new counters."""
        self._ledger.restart(slot)
        self._silent.discard(slot)

    def silence(self, slot: int) -> None:
        """Let the pod crash: it stays a target, and answers no more."""
        self._silent.add(slot)

    def announce(self, slot: int) -> None:
        """Let a new pod stand by for the slot."""
        if slot not in self._coming:
            self._coming[slot] = self._pods.create(slot)

    def switch(self, slot: int, at: float) -> None:
        """Let the new pod serve; the old one keeps its last counts until it has drained."""
        self.announce(slot)
        self._leave(slot, at)
        self._pods.serving[slot] = self._coming.pop(slot)

    def _leave(self, slot: int, at: float) -> None:
        self._ledger.close(slot)
        old = Seen(slot, self._pods.serving[slot])
        self._leaving.append(_Leaving(old, self._exposition.page([slot]), at + DRAIN_S))
        self._ledger.restart(slot)

    def forget(self, at: float) -> None:
        """Remove the pods that have drained."""
        self._leaving = [leaving for leaving in self._leaving if leaving.until > at]

    def cancel(self) -> None:
        """Remove the pods that stand by."""
        self._coming.clear()

    def seen(self) -> Iterator[Seen]:
        """Yield every pod that can be scraped."""
        for slot in self._serving:
            yield Seen(slot, self._pods.serving[slot])
        for slot, pod in self._coming.items():
            yield Seen(slot, pod)
        for leaving in self._leaving:
            yield leaving.seen

    def find(self, namespace: str, pod: str) -> Seen | None:
        """Return the pod of this name; None when there is none."""
        for seen in self.seen():
            if seen.pod.name == pod and self._pods.workload(seen.slot).namespace == namespace:
                return seen
        return None

    def page(self, seen: Seen) -> bytes | None:
        """Return the telemetry page of a pod; None when it answers nobody."""
        if self._pods.serving[seen.slot] == seen.pod and seen.slot in self._serving:
            return None if seen.slot in self._silent else self._exposition.page([seen.slot])
        kept = [leaving.page for leaving in self._leaving if leaving.seen == seen]
        return kept[0] if kept else self._exposition.empty_page(seen.slot)
