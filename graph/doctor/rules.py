"""Recording rules: those of meshviz, whether they are used, and what other rules do."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graph.core.samples import Sample
from graph.core.wire import SourceFacts
from graph.doctor.finding import Finding, amber, green, red, seconds, several
from graph.sources import rulebook
from graph.sources.naming import Naming
from graph.sources.shape import Shape

# With three histograms, this many traffic counters are about 400,000 series; from there on one
# question for all buckets takes seconds on two cores.
MANY_SERIES = 20_000
_ISTIO = re.compile(r"\bistio_\w+")
# Names that Istio itself uses; a rule that records under one of them is counted as traffic.
_OWN_NAME = re.compile(r"istio_(requests_total|request_duration_milliseconds\w*|tcp_\w+_total)")
_LOAD = "python manage.py rules writes them; docs/recording-rules.md says how to load them."
_WRITE_ANEW = f"Write them anew and load them: {_LOAD}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A recording rule over Istio's metrics, and how long its last evaluation took."""

    name: str
    expression: str
    took_s: float = 0.0


def istio_rules(data: Any) -> list[Rule]:
    """Return the recording rules that read Istio's metrics, from the rules API's data."""
    return [rule for rule in _rules(data) if _ISTIO.search(rule.expression)]


def _rules(data: Any) -> Iterator[Rule]:
    groups = data.get("groups") if isinstance(data, Mapping) else None
    for group in groups or ():
        for rule in group.get("rules") or ():
            if rule.get("type") == "recording":
                name, query = str(rule.get("name", "")), str(rule.get("query", ""))
                yield Rule(name, query, float(rule.get("evaluationTime") or 0.0))


@dataclass(frozen=True, slots=True)
class Own:
    """What became of meshviz's own rules; windows in seconds."""

    # Windows whose rules are evaluated, with how many rows they recorded.
    used: Mapping[int, int] = field(default_factory=dict)
    # Windows whose rules were not evaluated lately, or recorded nothing.
    stopped: tuple[int, ...] = ()
    # Windows whose rules leave out names that this mesh needs.
    too_brief: tuple[int, ...] = ()
    # Whether there are rules that compute something else than would be asked.
    foreign: bool = False

    @property
    def is_there(self) -> bool:
        """Whether any of them is loaded."""
        return bool(self.used or self.stopped or self.too_brief or self.foreign)


def own_rules(
    ask: Callable[[str], list[Sample]],
    at: float,
    windows_s: Iterable[int],
    naming: Naming,
    shape: Shape,
    *,
    brief: bool,
) -> Own:
    """Return what became of meshviz's rules, as ``ask`` tells at ``at``. Raises SourceError."""
    rows = {row.labels.get(rulebook.MARK, ""): int(row.value) for row in ask(rulebook.recorded())}
    if not rows:
        return Own()
    evaluated = {
        row.labels.get(rulebook.MARK, ""): row.value for row in ask(rulebook.evaluations(rows))
    }
    used: dict[int, int] = {}
    stopped, too_brief, known = [], [], set[str]()
    for window_s in windows_s:
        full = rulebook.rules(window_s, naming, shape, brief=False)
        short = rulebook.rules(window_s, naming, shape, brief=True)
        known |= {rule.fingerprint for rule in (*full, *short)}
        loaded = [rule for rule in (*short, *full) if rule.fingerprint in rows]
        usable = [rule for rule in loaded if brief or not rule.brief]
        fresh = [rule for rule in usable if rule.is_fresh(evaluated.get(rule.fingerprint), at)]
        if fresh:
            used[window_s] = sum(rows[rule.fingerprint] for rule in fresh)
        elif usable:
            stopped.append(window_s)
        elif loaded:
            too_brief.append(window_s)
    return Own(used, tuple(stopped), tuple(too_brief), foreign=bool(rows.keys() - known))


def judge_rules(rules: list[Rule] | None, own: Own, facts: SourceFacts, slow_s: float) -> Finding:
    """Judge the recording rules; None: the server does not tell any.

    ``slow_s`` is what buckets and bytes of the default window take to be asked as it is.
    """
    copies = sorted({rule.name for rule in rules or () if _OWN_NAME.fullmatch(rule.name)})
    if copies:
        return red(
            f"Recording rules write under Istio's own names: {several(copies)}. Whoever adds up "
            "these metrics counts the traffic more than once.",
            "Let the rules record under names of their own, such as workload:requests:rate1m.",
        )
    if own.is_there:
        return _judge_own(rules or [], own, slow_s)
    told = f"{len(rules)} other recording rules over Istio's metrics." if rules else ""
    none = "The server does not tell its rules" if rules is None else "No rules of meshviz found"
    series = sum(found["series"] for found in facts["eras"])
    if series < MANY_SERIES:
        words = f"{none}; none are needed below {MANY_SERIES:,} traffic series. {told}"
        return green(words.strip())
    words = f"{none}, with {series:,} traffic series; they help from {MANY_SERIES:,} on. {told}"
    asking = f" Buckets and bytes take {seconds(slow_s)} to be asked." if slow_s else ""
    return amber(words.strip() + asking, f"Load meshviz's recording rules: {_LOAD}")


def _judge_own(rules: list[Rule], own: Own, slow_s: float) -> Finding:
    took = {
        window: sum(rule.took_s for rule in rules if _is_of(rule, window)) for window in own.used
    }
    told = [
        f"{rulebook.duration(window)} ({rows:,} rows"
        + (f", {seconds(took[window])} to compute" if took[window] else "")
        + ")"
        for window, rows in own.used.items()
    ]
    words = f"Rules compute buckets and bytes beforehand for {', '.join(told)}." if told else ""
    words += f" Asking takes {seconds(slow_s)}." if told and slow_s else ""
    troubles = list(_troubles(own))
    if not troubles:
        return green(words)
    details, advice = zip(*troubles, strict=True)
    return amber(" ".join([words, *details]).strip(), " ".join(dict.fromkeys(advice)))


def _is_of(rule: Rule, window_s: int) -> bool:
    return rule.name.startswith("meshviz:") and rule.name.endswith(
        f":rate{rulebook.duration(window_s)}"
    )


def _troubles(own: Own) -> Iterator[tuple[str, str]]:
    if own.stopped:
        yield (
            f"The rules for {_listed(own.stopped)} are not evaluated any more, or fail, so that "
            "everything is asked as without them.",
            "Look at Status > Rules in Prometheus.",
        )
    if own.too_brief:
        yield (
            f"The rules for {_listed(own.too_brief)} leave out apps and versions, which this mesh "
            "needs: some of its peers have no workload. They are not used.",
            "Write them with: python manage.py rules --full-names.",
        )
    if own.foreign:
        yield (
            "There are rules of meshviz that compute something else than would be asked: they were "
            "written for other windows, another selector or other names, by another version, or "
            "for a mesh that is scraped in another way. They are not used.",
            _WRITE_ANEW,
        )


def _listed(windows_s: Iterable[int]) -> str:
    return ", ".join(map(rulebook.duration, windows_s))
