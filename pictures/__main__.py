"""Takes the pictures of docs/ anew: all of them, or those named. Look at them before committing.

Scenes of small meshes stand side by side while their windows fill; large ones have the machine
to themselves.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack

from pictures.scenes import SCENES, Scene
from pictures.stages import Stage, standing
from pictures.studio import studio
from pictures.tour import WALKS, Walked

SUBJECTS: dict[str, Scene | Walked] = {**SCENES, **WALKS}


def main(arguments: Sequence[str] | None = None) -> int:
    """Take what was asked for; return the exit code."""
    names = _parser().parse_args(arguments).names or list(SUBJECTS)
    with studio() as camera:
        for stages in _side_by_side(SUBJECTS[name].stage for name in names):
            with ExitStack() as stack:
                for stand in [stack.enter_context(standing(stage)) for stage in stages]:
                    stand.wait()
                    for name in names:
                        if SUBJECTS[name].stage == stand.stage:
                            sys.stderr.write(f"{name}\n")
                            SUBJECTS[name].take(name, stand, camera)
    return 0


def _side_by_side(stages: Iterable[Stage]) -> list[list[Stage]]:
    """Return the stages, each once: the small ones together, every large one alone."""
    each = list(dict.fromkeys(stages))
    small = [stage for stage in each if stage.services == 0]
    return [*([small] if small else []), *([stage] for stage in each if stage.services)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m pictures", description=__doc__)
    parser.add_argument("names", nargs="*", type=_subject, metavar="NAME", help=", ".join(SUBJECTS))
    return parser


def _subject(name: str) -> str:
    if name in SUBJECTS:
        return name
    raise argparse.ArgumentTypeError(f"{name!r}, one of {', '.join(SUBJECTS)} needed")


if __name__ == "__main__":
    sys.exit(main())
