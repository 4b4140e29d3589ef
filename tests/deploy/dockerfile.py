"""The Dockerfile as data: its stages, with arguments filled in."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = ROOT / "deploy" / "Dockerfile"


@dataclass(slots=True)
class Stage:
    """What follows a FROM, line by line."""

    name: str
    base: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def last(self, word: str) -> str:
        """Return the rest of the last line that starts with this word."""
        return [rest for found, rest in self.steps if found == word][-1]

    def words(self, word: str) -> list[str]:
        """Return the last command in its exec form."""
        command: list[str] = json.loads(self.last(word))
        return command

    def environment(self) -> dict[str, str]:
        pairs = [pair for word, rest in self.steps if word == "ENV" for pair in shlex.split(rest)]
        return dict(pair.split("=", 1) for pair in pairs)


def stages(arguments: Mapping[str, str] | None = None) -> dict[str, Stage]:
    """Return the stages by name; ``arguments`` are given as with --build-arg."""
    known: dict[str, str] = {}
    found: dict[str, Stage] = {}
    stage: Stage | None = None
    for word, rest in _lines(DOCKERFILE.read_text()):
        filled = re.sub(r"\$\{(\w+)\}", lambda hit: known[hit[1]], rest)
        if word == "ARG":
            name, _, default = filled.partition("=")
            known[name] = (arguments or {}).get(name, shlex.split(default)[0] if default else "")
        elif word == "FROM":
            base, _, name = filled.partition(" AS ")
            stage = found[name] = Stage(name, base)
        else:
            assert stage is not None, f"{word} before FROM"
            stage.steps.append((word, filled))
    return found


def _lines(text: str) -> Iterator[tuple[str, str]]:
    kept = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for line in re.sub(r"\\\n\s*", "", kept).splitlines():
        if line.strip():
            word, _, rest = line.strip().partition(" ")
            yield word, rest
