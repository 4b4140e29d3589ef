"""Celery, as scaled mode uses it: beat says every interval what is to be kept, workers keep it.

Nothing is queued up: a message that nobody took within an interval is worth nothing.
"""

import functools
import os
from typing import Any

from celery import Celery
from celery.beat import ScheduleEntry, Scheduler
from celery.signals import setup_logging

from meshviz import config
from meshviz.crew import DRUM

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meshviz.settings")

KEEP = "graph.keep"
# Messages that wait while there are no workers; the rest is thrown away.
_MOST_WAITING = 64
_WAITING_KEPT_S = 600


def create(wanted: config.Config) -> Celery:
    """Return the application of these settings; raises ConfigError without MESHVIZ_REDIS_URL."""
    from meshviz.opening import prefix_of

    broker, tls = config.redis_address(wanted).broker
    app = Celery("meshviz", broker=broker, include=["graph.tasks"])
    app.conf.update(
        broker_use_ssl=tls,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "global_keyprefix": f"{prefix_of(wanted)}celery:",
            "socket_connect_timeout": 2,
            "socket_keepalive": True,
            "visibility_timeout": 60,
        },
        task_ignore_result=True,
        task_acks_late=False,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_send_task_events=False,
        worker_enable_remote_control=False,
        beat_max_loop_interval=1,
        beat_schedule={
            f"keep {window_s}s": {
                "task": KEEP,
                "schedule": wanted.interval,
                "args": [window_s],
                "options": {"expires": wanted.interval},
            }
            for window_s in wanted.windows
        },
    )
    return app


@setup_logging.connect
def _leave_logging_alone(**said: object) -> None:
    """Celery configures no logging where somebody listens to this; Django has done it."""


@functools.cache
def app() -> Celery:
    """Return the application of this process's settings."""
    from django.conf import settings

    return create(settings.MESHVIZ)


class ShortScheduler(Scheduler):
    """Beat's clock, in memory only, that lets nothing pile up while there are no workers."""

    def apply_async(self, entry: ScheduleEntry, *args: Any, **kwargs: Any) -> Any:
        sent = super().apply_async(entry, *args, **kwargs)
        with self.app.connection_for_write() as connection:
            channel: Any = connection.default_channel
            queue = self.app.conf.task_default_queue
            channel.client.ltrim(queue, 0, _MOST_WAITING - 1)
            # What a killed worker had taken is given back to the others, or forgotten.
            for key in (queue, channel.unacked_key, channel.unacked_index_key):
                channel.client.expire(key, _WAITING_KEPT_S)
        DRUM.beaten()
        return sent
