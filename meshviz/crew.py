"""What there is one of in each worker and beat: a workshop, a drum, and what they tell of it."""

import functools
import time
from typing import Any, cast

from celery.signals import worker_ready

from graph.live.families import CONTENT_TYPE
from graph.live.scaled.metrics import of_beat, of_worker
from graph.live.scaled.workshop import Workshop
from meshviz import __version__
from meshviz.opening import open_workshop
from meshviz.probes import Told

_NOT_YET = "Redis has not answered yet."
_ENDS = "This process ends; it takes up no work any more."
_DEAF = "Messages wait in Redis, and this worker has taken up none for long."


@functools.cache
def workshop() -> Workshop:
    """Return this process's workshop; nothing is asked of anybody yet."""
    from django.conf import settings

    return open_workshop(settings.MESHVIZ)


def told_by_worker(app: Any) -> Told:
    """Return what a worker tells. To be called before it starts, so that its start is heard."""
    own = workshop()
    worker = _Worker(own, waiting_key(app))
    return Told(worker.complaints, worker.objections, lambda: (of_worker(own), CONTENT_TYPE))


class _Worker:
    def __init__(self, workshop: Workshop, waiting_key: str) -> None:
        self._workshop = workshop
        self._waiting_key = waiting_key
        self._has_begun = False
        worker_ready.connect(self._begin)

    def _begin(self, **said: object) -> None:
        self._has_begun = True

    def complaints(self) -> list[str]:
        return [_DEAF] if self._workshop.is_deaf(self._waiting) else []

    def objections(self) -> list[str]:
        found = self.complaints()
        if not self._has_begun:
            found.append(_NOT_YET)
        if self._workshop.is_stopping:
            found.append(_ENDS)
        return found

    def _waiting(self) -> int:
        return cast(int, self._workshop.redis.llen(self._waiting_key))


class Drum:
    """Counts what beat sends."""

    def __init__(self) -> None:
        self.sent = 0
        self.sent_at = 0.0

    def beaten(self) -> None:
        """Note a message that was sent."""
        self.sent += 1
        self.sent_at = time.time()

    def told(self) -> Told:
        """Return what beat tells: it is alive as long as it answers, and ready once it has sent."""
        return Told(
            complaints=list,
            objections=lambda: [] if self.sent else [_NOT_YET],
            figures=lambda: (of_beat(__version__, self.sent, self.sent_at), CONTENT_TYPE),
        )


DRUM = Drum()


def waiting_key(app: Any) -> str:
    """Return the list in Redis in which messages wait for workers."""
    prefix: str = app.conf.broker_transport_options["global_keyprefix"]
    return f"{prefix}{app.conf.task_default_queue}"
