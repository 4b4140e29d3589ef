"""How this Prometheus calls things: names changed by recording rules, and which series are meant.

Pure text work. Everything that is asked goes through one `Naming`, so that a renamed metric, a
renamed label and the operator's selector hold for every query alike.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

Matcher = tuple[str, str, str]

_PLAIN_METRIC = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_PLAIN_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_PARTS = ("_bucket", "_count", "_sum")


class Metric(NamedTuple):
    """A metric as Prometheus has it. ``is_rate``: its values are per second already."""

    name: str
    is_rate: bool = False


@dataclass(frozen=True, slots=True)
class Naming:
    """The operator's names for Istio's metrics and labels, and a selector for every query."""

    metrics: Mapping[str, Metric] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    matchers: tuple[Matcher, ...] = ()

    @property
    def selector(self) -> str:
        """The selector as text between the braces, "" when there is none."""
        return selector(self.matchers)[1:-1]

    def metric(self, name: str) -> Metric:
        """Return what Istio's metric is called here; a histogram is renamed with its parts."""
        if (renamed := self.metrics.get(name)) is not None:
            return renamed
        for part in _PARTS:
            if name.endswith(part) and (base := self.metrics.get(name.removesuffix(part))):
                return Metric(base.name + part, base.is_rate)
        return Metric(name)

    def series(self, name: str, matchers: Iterable[Matcher] = ()) -> str:
        """Return the selector of Istio's metric ``name``, by its name here."""
        return series(self.metric(name).name, (*self.own(matchers), *self.matchers))

    def any_of(self, names: Iterable[str], matchers: Iterable[Matcher] = ()) -> str:
        """Return the selector of several of Istio's metrics at once."""
        found = "|".join(sorted(escape(self.metric(name).name) for name in names))
        return selector((("__name__", "=~", found), *self.own(matchers), *self.matchers))

    def own(self, matchers: Iterable[Matcher]) -> Iterable[Matcher]:
        """Yield the matchers with the labels' names of this Prometheus."""
        return ((self.labels.get(label, label), op, value) for label, op, value in matchers)

    def by(self, labels: Iterable[str]) -> str:
        """Return a list of labels for ``by (...)``."""
        return ", ".join(label_name(self.labels.get(label, label)) for label in labels)

    def istio_labels(self, labels: Mapping[str, str]) -> dict[str, str]:
        """Return the labels of an answer under Istio's names."""
        made = dict(labels)
        for istio, here in self.labels.items():
            if here in labels:
                made.pop(here, None)
                made[istio] = labels[here]
        return made


def quote(value: str) -> str:
    r"""Return the value as a PromQL string, on one line and in what its lexer accepts."""
    return '"' + "".join(map(_escaped, value)) + '"'


def _escaped(character: str) -> str:
    if character in '\\"':
        return "\\" + character
    if character == "\n":
        return "\\n"
    if character < " " or character == "\x7f":
        return f"\\x{ord(character):02x}"
    # The lexer takes this character for a sign of broken UTF-8.
    return "\\ufffd" if character == "\ufffd" else character


def escape(value: str) -> str:
    """Return an RE2 pattern that matches this value and no other."""
    return re.sub(r"[][\\.+*?(){}|^$]", lambda sign: "\\" + sign[0], value)


def label_name(name: str) -> str:
    """Return a label's name, in quotes where Prometheus 3 needs them."""
    return name if _PLAIN_LABEL.fullmatch(name) else quote(name)


def selector(matchers: Iterable[Matcher]) -> str:
    """Return ``{label op "value", ...}`` from (label, operator, value) triples."""
    return "{" + _listed(matchers) + "}"


def series(metric: str, matchers: Iterable[Matcher] = ()) -> str:
    """Return the selector of one metric, whose name may need quotes (Prometheus 3)."""
    listed = _listed(matchers)
    if _PLAIN_METRIC.fullmatch(metric):
        return f"{metric}{{{listed}}}" if listed else metric
    return "{" + ", ".join(filter(None, (quote(metric), listed))) + "}"


def _listed(matchers: Iterable[Matcher]) -> str:
    return ", ".join(f"{label_name(label)}{op}{quote(value)}" for label, op, value in matchers)
