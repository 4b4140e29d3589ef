"""For the mutation check: forget what an earlier run in this process has remembered.

A mutant runs in a copy of a process that has passed every test. An answer from before would hide
what the mutant changed; to import everything anew would take longer than its tests.
"""

import gc
from functools import _lru_cache_wrapper

from graph.core import readings
from graph.core.rows import Rows
from graph.core.samples import Labels


def pytest_sessionstart() -> None:
    """Empty whatever remembers."""
    for thing in gc.get_objects():
        if isinstance(thing, _lru_cache_wrapper):
            thing.cache_clear()
        elif isinstance(thing, Labels):
            thing.reading = None
    readings._rows = Rows()
