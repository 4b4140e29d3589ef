"""Recordings: the file, what it refuses, and how it plays."""

import gzip
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graph import poll
from graph.core import engine
from graph.core.engine import ViewSpec
from graph.core.samples import Harvest, Sample
from graph.core.wire import SourceFacts
from graph.sources import Garbled, Rejected, SourceError, TooSlow, Unavailable, open_source
from graph.sources.recorder import Recorder, TapeWriter
from graph.sources.recording import BadRecording, Recording, open_recording
from tests.faultserver import FaultServer
from tests.make import AT, request
from tests.recordings import harvests, recording

FACTS: SourceFacts = {
    "kind": "prometheus",
    "flavor": "Prometheus",
    "url": "http://prometheus:9090",
    "version": "3.1.0",
    "scrape_interval_s": 15.0,
    "clock_offset_s": 0.1,
    "eras": [{"era": "native", "series": 12}],
    "istio_versions": [],
    "scraped_times": 2.0,
    "warnings": ["Certificates are not verified."],
}


def harvest(at: float, rps: float = 1.0) -> Harvest:
    return Harvest(
        at,
        {"requests": [request(rps), request(0.1 + 0.2, target="ratings-v1")], "tcp_sent": []},
        query_ms=12.5,
        queries=9,
        warnings=("partial response",),
        istio_series=None,
        covered_s=55.0,
        span_s=30,
        waypoints=frozenset({("bookinfo", "waypoint")}),
    )


def written(path: Path, *steps: Callable[[TapeWriter], None]) -> Path:
    """Write a recording of two ticks, five seconds apart, and of what ``steps`` add."""
    tape = TapeWriter(path, "9.9")
    tape.facts(FACTS, 15.0)
    tape.harvest("fast", 60, harvest(AT))
    tape.harvest("fast", 60, harvest(AT + 5, rps=2.0))
    for step in steps:
        step(tape)
    tape.finish()
    return path


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]


def put(path: Path, *content: object) -> Path:
    """Write a plain file of these lines; texts as they are, the rest as JSON."""
    texts = (line if isinstance(line, str) else json.dumps(line) for line in content)
    path.write_text("".join(f"{text}\n" for text in texts))
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mesh.jsonl.gz"


def test_a_harvest_comes_back_as_it_was(path: Path) -> None:
    made = open_recording(written(path))

    assert made.harvests("fast") == [harvest(AT), harvest(AT + 5, rps=2.0)]


def test_values_that_json_has_no_words_for_survive(path: Path) -> None:
    strange = [request(value, target=f"v{n}") for n, value in enumerate((math.inf, -math.inf))]
    odd = Harvest(AT + 9, {"requests": [*strange, request(math.nan)]}, 1.0, 1)

    made = open_recording(written(path, lambda tape: tape.harvest("fast", 60, odd)))

    values = [sample.value for sample in made.harvests("fast")[-1].answers["requests"]]
    assert values[:2] == [math.inf, -math.inf]
    assert math.isnan(values[2])


def test_labels_of_any_content_survive(path: Path) -> None:
    nasty = {"destination_service": 'a"b\\c\nd é <b> \x00', "empty": ""}
    odd = Harvest(AT + 9, {"requests": [Sample(nasty, 1.0)]}, 1.0, 1)

    made = open_recording(written(path, lambda tape: tape.harvest("fast", 60, odd)))

    assert made.harvests("fast")[-1].answers["requests"] == [Sample(nasty, 1.0)]


def test_label_sets_are_written_once(path: Path) -> None:
    kinds = [line.get("is") for line in lines(written(path))]

    assert kinds == [None, "facts", "labels", "harvest", "harvest", "end"]


def test_facts_are_written_when_they_change(path: Path) -> None:
    def more(tape: TapeWriter) -> None:
        tape.facts({**FACTS, "clock_offset_s": 0.2}, 15.0)
        tape.facts({**FACTS, "version": "3.2.0"}, 15.0)

    made = open_recording(written(path, more))

    assert [line.get("is") for line in lines(path)].count("facts") == 2
    assert made.facts()["version"] == "3.2.0"


def test_an_edited_plain_file_plays_too(path: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain.jsonl"
    plain.write_bytes(gzip.decompress(written(path).read_bytes()))

    assert open_recording(plain).harvests("fast") == open_recording(path).harvests("fast")


def test_a_recording_says_what_it_is_of(path: Path) -> None:
    facts = open_recording(written(path)).facts()

    assert (facts["kind"], facts["url"]) == ("recording", "recording:mesh.jsonl.gz")
    assert facts["scraped_times"] == 2.0
    said, *original = facts["warnings"]
    assert "2 ticks of Prometheus 3.1.0 at http://prometheus:9090" in said
    assert "from 2023-11-14 22:13:20 to 2023-11-14 22:13:25 UTC" in said
    assert original == FACTS["warnings"]


def test_time_runs_through_the_ticks_and_begins_again(path: Path) -> None:
    made = open_recording(written(path, lambda t: t.harvest("fast", 60, harvest(AT + 11))))
    made.prepare(500.0)

    passed = {second: made.time_at(500.0 + second) - AT for second in (0, 4.9, 5, 10, 11, 16, 17)}

    # The pause before the next round is the usual distance of ticks, 5.5 seconds.
    assert passed == {0: 0, 4.9: 0, 5: 5, 10: 5, 11: 11, 16: 11, 17: 0}


def test_a_fetch_returns_the_tick_that_was_on(path: Path) -> None:
    made = open_recording(written(path))

    ats = [made.fetch("fast", 60, AT + later).at - AT for later in (-0.9, 0, 4.9, 5, 9)]

    assert ats == [0, 0, 0, 5, 5]


@pytest.mark.parametrize(
    ("lane", "window_s", "at", "words"),
    [
        ("fast", 300, AT, "a 300 s window"),
        ("slow", 60, AT, "slow answers"),
        ("fast", 60, AT - 100, "2023-11-14 22:11:40 UTC"),
        ("fast", 60, AT + 100, "2023-11-14 22:15:00 UTC"),
    ],
    ids=["window", "lane", "before", "after"],
)
def test_what_was_not_recorded_is_refused_with_what_was(
    path: Path, lane: Any, window_s: int, at: float, words: str
) -> None:
    made = open_recording(written(path))

    with pytest.raises(Rejected) as caught:
        made.fetch(lane, window_s, at)

    assert words in caught.value.detail
    assert "22:13:20 to 2023-11-14 22:13:25 UTC, with windows of 60 s" in caught.value.detail


@pytest.mark.parametrize("window_s", [60, None], ids=["of-a-window", "of-all"])
@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("unreachable", Unavailable),
        ("timeout", TooSlow),
        ("garbled", Garbled),
        ("rejected", Rejected),
    ],
)
def test_a_failure_plays_as_it_was(
    path: Path, reason: Any, kind: type[SourceError], window_s: int | None
) -> None:
    # As whoever polled was told it.
    fault = kind("it broke", "repair it.").fault()
    made = open_recording(written(path, lambda tape: tape.fault("fast", window_s, AT + 9, fault)))

    with pytest.raises(kind, match="it broke") as caught:
        made.fetch("fast", 60, AT + 9)

    assert caught.value.fault() == fault
    assert fault.reason == reason
    assert made.fetch("fast", 60, AT + 5).at == AT + 5


def test_nobody_answers_other_questions(path: Path) -> None:
    made = open_recording(written(path))

    for question in (made.ask, made.get):
        with pytest.raises(Rejected, match=r"mesh\.jsonl\.gz"):
            question("up")
    assert (made.page_url("up", AT), made.queries_total) == (None, 0)


HEAD = {"meshviz": "recording", "format": 1, "by": "1.0", "scrubbed": "no"}
LABELS = {"is": "labels", "labels": [{"reporter": "source"}]}
HARVEST = {
    "is": "harvest",
    "lane": "fast",
    "window_s": 60,
    "at": AT,
    "query_ms": 1.0,
    "queries": 1,
    "warnings": [],
    "istio_series": None,
    "covered_s": None,
    "waypoints": [],
    "answers": {"requests": [[0], [1.0]]},
}
END = {"is": "end", "ticks": 1}


def with_answers(*columns: object) -> dict[str, object]:
    return {**HARVEST, "answers": {"requests": columns}}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([], "it is empty"),
        (["<html>"], "its first line is not JSON"),
        ([{"openapi": "3.1"}], "its first line does not say"),
        (["[1]"], "its first line does not say"),
        ([{**HEAD, "format": 2, "by": "7.0"}], "line 1, has format 2, made by meshviz 7.0"),
        ([{**HEAD, "scrubbed": "maybe"}], "line 1, cannot be read: scrubbed"),
        ([HEAD, LABELS, HARVEST], "breaks off after line 3"),
        ([HEAD, "{"], "line 2, cannot be read"),
        ([HEAD, {"is": "song"}], "no kind of line is called 'song'"),
        ([HEAD, LABELS, {**HARVEST, "at": "noon"}], "line 3, cannot be read: at"),
        ([HEAD, LABELS, with_answers([0, 0], [1.0]), END], "line 3, has unequal columns"),
        ([HEAD, LABELS, with_answers([1], [1.0]), END], "line 3, names a label set"),
        ([HEAD, LABELS, with_answers([-1], [1.0]), END], "line 3, names a label set"),
        ([HEAD, END], "holds no tick"),
    ],
    ids=[
        *("empty", "html", "json-of-others", "no-object", "too-new", "bad-header", "no-end"),
        *("bad-json", "unknown-line", "bad-field", "unequal", "label-above", "label-below"),
        "no-tick",
    ],
)
def test_a_file_that_cannot_be_played_is_refused_with_the_place(
    tmp_path: Path, content: list[object], words: str
) -> None:
    with pytest.raises(BadRecording) as caught:
        open_recording(put(tmp_path / "bad.jsonl", *content))

    assert "bad.jsonl" in caught.value.detail
    assert words in caught.value.detail
    assert caught.value.advice


def test_the_smallest_recording_plays(tmp_path: Path) -> None:
    made = open_recording(put(tmp_path / "small.jsonl", HEAD, LABELS, HARVEST, END))

    assert made.fetch("fast", 60, AT).answers == {"requests": [Sample({"reporter": "source"}, 1)]}


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_copy_that_was_cut_short_is_noticed(path: Path, share: float) -> None:
    content = written(path).read_bytes()
    path.write_bytes(content[: int(len(content) * share)])

    with pytest.raises(BadRecording, match="breaks off after line"):
        open_recording(path)


def test_a_damaged_file_is_noticed(path: Path) -> None:
    content = bytearray(written(path).read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)

    with pytest.raises(BadRecording):
        open_recording(path)


def test_a_missing_file_is_an_error_with_its_reason(path: Path) -> None:
    with pytest.raises(BadRecording, match="No such file"):
        open_recording(path)


def test_nothing_bears_the_name_before_it_is_complete(path: Path) -> None:
    tape = TapeWriter(path, "1.0")
    tape.harvest("fast", 60, harvest(AT))

    assert [each.name for each in path.parent.iterdir()] == ["mesh.jsonl.gz.partial"]
    assert tape.size > 0
    size = tape.finish()
    assert [(each.name, each.stat().st_size) for each in path.parent.iterdir()] == [
        (path.name, size)
    ]


def test_an_abandoned_recording_leaves_nothing(path: Path) -> None:
    TapeWriter(path, "1.0").abandon()

    assert list(path.parent.iterdir()) == []


def test_what_was_answered_before_a_crash_is_on_disk(path: Path) -> None:
    tape = TapeWriter(path, "1.0")
    tape.harvest("fast", 60, harvest(AT))
    partial = path.with_name(path.name + ".partial").read_bytes()
    tape.abandon()
    path.write_bytes(partial)

    # Header, labels and the tick: all but the end.
    with pytest.raises(BadRecording, match="breaks off after line 3"):
        open_recording(path)


def test_an_outage_is_recorded_as_it_was_felt(path: Path) -> None:
    with FaultServer() as server:
        source = open_source(server.url, timeout_s=1.0)
        tape = TapeWriter(path, "1.0")
        recorder = Recorder(source, tape)
        state = engine.start_feed(60, 5.0)
        seen = []
        for tick, fault in enumerate(("none", "500", "none")):
            server.fault = fault  # type: ignore[assignment]  # a fault
            state = poll.advance(recorder, state, AT + 5 * tick)
            seen.append((state.status["state"], state.status["reason"]))
        tape.finish()
        source.close()
    made = open_recording(path)

    state = engine.start_feed(60, 5.0)
    again = []
    for tick in range(3):
        state = poll.advance(made, state, 10.0 + 5 * tick)
        again.append((state.status["state"], state.status["reason"]))
    assert seen == again == [("ok", None), ("stale", "unreachable"), ("ok", None)]


@pytest.fixture(scope="module")
def demo() -> Recording:
    return recording("demo")


def test_the_demo_recording_shows_the_failing_payments(demo: Recording) -> None:
    state = engine.start_feed(demo.windows[0], 5.0)
    state = poll.advance(demo, state, 0.0)
    view, _ = engine.render(None, state, ViewSpec("app", demo.windows[0], ()), "epoch")

    assert state.status["state"] == "ok"
    assert {"bookinfo", "boutique", "smm-demo"} <= set(view.namespaces)
    failing = {
        view.picture.nodes[edge["target"]]["name"]
        for edge in view.picture.edges.values()
        if (edge["error_ratio"] or 0) > 0.2
    }
    assert {"payments", "paymentservice"} <= failing
    assert "ratings" not in failing


def test_the_demo_recording_is_small_and_complete(demo: Recording) -> None:
    fast, slow = harvests("demo"), harvests("demo", "slow")

    assert [each.at for each in fast] == demo.moments
    assert len(fast) >= 3
    assert slow[0].answers["duration_buckets"]
    assert demo.diagnosis is not None
    assert {check["state"] for check in demo.diagnosis[1]} == {"green"}
