"""What Celery's workers do."""

from celery import shared_task
from celery.signals import worker_shutting_down
from django.conf import settings

from meshviz.crew import workshop

KEEP = "graph.keep"


@shared_task(name=KEEP)
def keep(window_s: int) -> None:
    """Keep a window polled and drawn, unless another worker does.

    Beat says so once an interval for every window: the first worker stays with it, the others
    find it taken, until the first is gone.
    """
    if workshop().keep(window_s) and workshop().is_stopping:
        # Another worker need not wait for the next interval. By then, beat says it again.
        keep.apply_async((window_s,), expires=settings.MESHVIZ.interval, retry=False)


@worker_shutting_down.connect
def _stop(**said: object) -> None:
    workshop().stop()
