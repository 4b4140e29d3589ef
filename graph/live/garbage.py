"""How often Python looks for garbage that holds itself.

A tick makes hundreds of thousands of objects that all live until it ends, and hardly any of them
ever holds itself: looking through them over and over finds nothing, and cost two fifths of a tick's
time on a mesh of 3,000 services. What does hold itself, exceptions mostly, can wait.
"""

import gc

# New objects before a look at the young ones; Python's own 700 are for small programs.
_YOUNG = 100_000
_GENERATIONS = (10, 10)


def collect_seldom() -> None:
    """Look less often from now on; call once, when everything is imported and before any work."""
    gc.collect()
    # Modules and their classes live for as long as the process: never look at them again.
    gc.freeze()
    gc.set_threshold(_YOUNG, *_GENERATIONS)
