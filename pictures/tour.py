"""The pictures of docs/tour.md, one for each click."""

from dataclasses import dataclass

from pictures.stages import Stage, Standing
from pictures.studio import Studio
from tests.e2e.walks import WALKS as QUESTIONS
from tests.e2e.walks import Walk

# The demo's tour is quiet for a while before its canary, so that the charts show a change.
_QUIET_S = 135.0
_CANARY_DONE_S = 120.0
_STAGES = {
    "ratings-delay": Stage("ratings-delay"),
    "plaintext-client": Stage("plaintext-client:full"),
    "canary": Stage("tour", offset_s=_QUIET_S, seconds=_CANARY_DONE_S),
}


@dataclass(frozen=True, slots=True)
class Walked:
    """A walk to be taken with a camera."""

    walk: Walk

    @property
    def stage(self) -> Stage:
        """Where its incident is on."""
        return _STAGES[self.walk.scenario]

    def take(self, name: str, standing: Standing, camera: Studio) -> None:
        """Click, look, and keep what is seen, for every click."""
        with camera.page(standing.served.url) as view:
            # The mesh is young: a quarter of an hour of it would be mostly nothing.
            view.open("?range=5m")
            for click in self.walk.clicks:
                click.click(view)
                click.seen(view)
                camera.keep(view, f"tour/{click.picture}")


WALKS = {f"tour/{walk.scenario}": Walked(walk) for walk in QUESTIONS}
