"""Recording rules: the same numbers as without them, and none once they stop."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pytest
import yaml

from graph.core import engine
from graph.core.engine import ViewSpec
from graph.core.readings import read_slow
from graph.core.samples import Harvest, Sample
from graph.core.wire import GraphType
from graph.demo.backfill import find_promtool
from graph.demo.prometheus import ROOT
from graph.doctor.rules import own_rules
from graph.sources import Source, open_source, plan, rulebook, ruled, rulefile
from graph.sources.body import Body
from graph.sources.naming import Naming
from graph.sources.shape import PLAIN
from meshviz import config
from tests.bodies import success
from tests.sources.scenes import every_scene
from tests.sources.scraped import Computing, Group
from tests.sources.stored import Scene, call, pod, steady, store
from tests.stack import wait_until

pytestmark = pytest.mark.prometheus

DEPLOYED = ROOT / "deploy" / "prometheus"
BOUNDS = ("0.5", "1", "5", "10", "25", "50", "100", "250", "500", "1000", "2500", "5000", "10000")
ISTIO = (*BOUNDS, "30000", "60000", "300000", "600000", "1800000", "3600000", "+Inf")
BUCKET = "istio_request_duration_milliseconds_bucket"


# Long, so that data which end now do for some minutes.
WINDOW_S = 300


def histogram(
    scene: Scene,
    target: str,
    counts: Mapping[str, float],
    bounds: tuple[str, ...] = ISTIO,
    job: str = "pods",
    **labels_too: str,
) -> None:
    """Store the answers of one workload: so many a second in the bucket of each bound."""
    scraped = {**pod(f"{target}-6b5c7d8f9-zzzzz", job=job), **labels_too}
    labels = {**call(target=target), **scraped}
    scene.requests(scraped, steady(sum(counts.values())), destination_workload=target)
    so_far = 0.0
    for bound in bounds:
        so_far += counts.get(bound, 0.0)
        scene.add(BUCKET, {**labels, "le": bound}, steady(so_far))
    scene.add(BUCKET.replace("_bucket", "_count"), labels, steady(so_far))
    scene.add("istio_response_bytes_sum", labels, steady(1000 * so_far))


def times(name: str, *jobs: str) -> Scene:
    """Response times of all kinds, so that leaving out buckets would show."""
    scene = Scene(name)
    newer = (*(f"{float(bound)}" for bound in ISTIO[:-3]), "1.8e+06", "3.6e+06", "+Inf")
    for job in jobs:
        histogram(scene, "quick", {"1": 3, "5": 2}, job=job)
        histogram(scene, "at-a-step", {"100": 7}, job=job)
        histogram(scene, "below-a-step", {"25": 3, "50": 2, "100": 4}, job=job)
        histogram(scene, "past-a-step", {"100": 7, "250": 1}, job=job)
        histogram(scene, "one-slow", {"5": 99, "30000": 1}, job=job)
        histogram(scene, "beyond", {"5": 9, "+Inf": 1}, job=job)
        histogram(scene, "own", {"10": 4, "70": 5}, ("10", "70", "100", "1000", "+Inf"), job)
        histogram(scene, "own-slow", {"10": 4, "100": 5, "+Inf": 1}, ("10", "100", "+Inf"), job)
        histogram(scene, "newer", {"5.0": 9, "50.0": 2}, newer, job)
    return scene


def classified() -> Scene:
    scene = times("classified", "pods")
    histogram(scene, "sorted", {"25": 2}, request_operation="GetItem")
    return scene


SCENES = ("times", "times-twice", "classified", "mixer-1", "several-eras", "explained")
GRAPHS: tuple[GraphType, ...] = ("workload", "service", "namespace")


@pytest.fixture(scope="module")
def computing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Computing]:
    """A Prometheus with every scene in it, whose data end just now, and the rules for them."""
    folder = tmp_path_factory.mktemp("rules")
    server = Computing(folder)
    more = [times("times", "pods"), times("times-twice", "pods", "again"), classified()]
    store([*every_scene(), *more], server.data, folder)
    with server:
        server.load([group for scene in SCENES for group in groups_for(server, scene)])
        yield server


def groups_for(server: Computing, scene: str, *, brief: bool = True) -> list[Group]:
    """Return the rules for a scene, made for what is found of it."""
    source = opened(server, scene)
    try:
        return list(rulebook.groups([WINDOW_S], source.naming, source.shape, brief=brief))
    finally:
        source.close()


def opened(server: Computing, scene: str) -> Source:
    source = open_source(
        server.url, timeout_s=20, selector=f'scene="{scene}"', scrape_interval_s=15.0
    )
    source.prepare(time.time())
    return source


@pytest.fixture
def mesh(computing: Computing, request: pytest.FixtureRequest) -> Iterator[Source]:
    """The scene that the test names, once all its rules have been evaluated."""
    scene: str = getattr(request, "param", "times")
    rules = len(groups_for(computing, scene)[0]["rules"]) // 2
    query = f'count({{__name__="{rulebook.ROWS}", meshviz=~"{marks(computing, scene)}"}})'
    wait_until(lambda: value(computing, query) == rules, what="rules are evaluated")
    source = opened(computing, scene)
    yield source
    source.close()


def marks(server: Computing, scene: str) -> str:
    (group,) = groups_for(server, scene)
    return "|".join(sorted({rule["labels"]["meshviz"] for rule in group["rules"]}))


def value(server: Computing, promql: str) -> float:
    return sum(float(row["value"][1]) for row in server.ask(promql))


def without_rules(source: Source, at: float) -> Harvest:
    """Return the slow lane's answers as they are asked without any rules."""
    rows: dict[str, list[Sample]] = {}
    for part in plan.parts("slow", WINDOW_S, source.naming, source.shape, brief=True):
        vector = [
            {"metric": labels, "value": [at, str(number)]}
            for labels, number in source.ask(part.promql, at)
        ]
        body = success({"resultType": "vector", "result": vector})
        rows.setdefault(part.question, []).extend(part.read(body))
    return Harvest(at, rows, 0.0, len(rows))


def numbers(entity: object, prefix: str = "") -> Iterator[tuple[str, float | None]]:
    if isinstance(entity, dict):
        for name, inner in entity.items():
            yield from numbers(inner, f"{prefix}.{name}")
    elif isinstance(entity, list):
        for place, inner in enumerate(entity):
            yield from numbers(inner, f"{prefix}[{place}]")
    elif entity is None or isinstance(entity, float):
        yield prefix, entity


def drawn(fast: Harvest, slow: Harvest, graph_type: GraphType) -> dict[str, float | None]:
    """Return every number of the picture, by the entity and field it stands in."""
    state = engine.start_feed(WINDOW_S, 5.0)
    state = engine.absorb_fast(state, fast, 15.0, fast.at)
    state = engine.absorb_slow(state, slow, read_slow(slow), fast.at, fast.at)
    view, _ = engine.render(None, state, ViewSpec(graph_type, WINDOW_S, (), idle=True), "e")
    entities = {**view.picture.nodes, **view.picture.edges}
    return {
        f"{name}{field}": number
        for name, entity in entities.items()
        for field, number in numbers(dict(entity))
    }


@pytest.mark.parametrize("mesh", SCENES, indirect=True)
@pytest.mark.parametrize("graph_type", GRAPHS)
def test_every_number_drawn_is_the_same_with_rules(mesh: Source, graph_type: GraphType) -> None:
    slow = mesh.fetch("slow", WINDOW_S, time.time(), brief=True)
    fast = mesh.fetch("fast", WINDOW_S, slow.at, brief=True)

    with_rules = drawn(fast, slow, graph_type)

    expected = drawn(fast, without_rules(mesh, slow.at), graph_type)
    assert with_rules.keys() == expected.keys()
    for field, number in with_rules.items():
        assert number == (None if expected[field] is None else pytest.approx(expected[field], 0.01))


@pytest.mark.parametrize("mesh", ["times", "times-twice", "classified"], indirect=True)
def test_rules_are_read_at_their_own_moment(mesh: Source) -> None:
    at = time.time() + 2
    slow = mesh.fetch("slow", WINDOW_S, at, brief=True)

    assert at - 2 * rulebook.interval_s(WINDOW_S) <= slow.at < at
    assert slow.next_at is not None
    assert slow.next_at > slow.at + rulebook.interval_s(WINDOW_S)
    # When they were evaluated, and the three questions.
    assert slow.queries == 4
    assert mesh.costs["rules"].count == 1
    assert mesh.fetch("fast", WINDOW_S, at).at == at


def test_rules_record_fewer_buckets_than_there_are(mesh: Source) -> None:
    slow = mesh.fetch("slow", WINDOW_S, time.time(), brief=True)

    recorded = len(slow.answers["duration_buckets"])
    assert 0 < recorded < 0.7 * len(without_rules(mesh, slow.at).answers["duration_buckets"])


def test_rules_are_not_used_for_what_they_do_not_record(mesh: Source) -> None:
    """Neither full names nor another window can be had from them."""
    at = time.time()

    assert mesh.fetch("slow", WINDOW_S, at).at == at
    assert mesh.fetch("slow", 2 * WINDOW_S, at, brief=True).at == at


def test_rules_for_a_mesh_scraped_once_are_not_used_for_one_scraped_twice(
    computing: Computing,
) -> None:
    source = opened(computing, "times-twice")
    shape, naming = source.shape, source.naming
    source.close()
    ours = {rule.fingerprint for rule in rulebook.rules(60, naming, shape, brief=True)}

    once = {rule.fingerprint for rule in rulebook.rules(60, naming, PLAIN, brief=True)}

    assert shape.copies
    assert not ours & once


def test_numbers_of_rules_that_are_gone_are_not_shown(mesh: Source, computing: Computing) -> None:
    assert mesh.fetch("slow", WINDOW_S, time.time(), brief=True).queries == 4
    kept = [group for scene in SCENES for group in groups_for(computing, scene)]
    query = f'{rulebook.ROWS}{{meshviz=~"{marks(computing, "times")}"}}'

    computing.load([])
    try:
        wait_until(lambda: not computing.ask(query), what="the series of the rules end")
        at = time.time()
        slow = mesh.fetch("slow", WINDOW_S, at, brief=True)
    finally:
        computing.load(kept)

    assert slow.at == at
    assert slow.answers == without_rules(mesh, at).answers


def test_a_rule_that_fails_is_asked_for_at_once(mesh: Source, computing: Computing) -> None:
    kept = [group for scene in SCENES for group in groups_for(computing, scene)]
    broken = groups_for(computing, "times")
    buckets = broken[0]["rules"][0]
    recorded = f'{buckets["record"]}{{meshviz="{buckets["labels"]["meshviz"]}"}}'
    failing = {**buckets, "expr": "up * on () group_left () up"}
    broken[0] = {**broken[0], "rules": [failing, *broken[0]["rules"][1:]]}
    rows = f'{rulebook.ROWS}{{meshviz="{buckets["labels"]["meshviz"]}"}}'
    wait_until(lambda: value(computing, rows) > 0)

    computing.load(broken)
    try:
        wait_until(lambda: value(computing, rows) == 0, what="the rule fails")
        # What a plain selector would have gone on showing:
        frozen = computing.ask(recorded)
        slow = mesh.fetch("slow", WINDOW_S, time.time(), brief=True)
    finally:
        computing.load(kept)
        wait_until(lambda: value(computing, rows) > 0)

    assert frozen
    expected = without_rules(mesh, slow.at).answers
    assert slow.answers["duration_buckets"] == expected["duration_buckets"]
    assert mesh.costs["duration_buckets"].count == 1


def test_a_rule_is_read_at_the_moment_of_its_evaluation_alone(
    mesh: Source, computing: Computing
) -> None:
    at = mesh.fetch("slow", WINDOW_S, time.time(), brief=True).at
    (rule, *_) = rulebook.rules(WINDOW_S, mesh.naming, mesh.shape, brief=True)

    assert computing.ask(rule.reading, at)
    assert not computing.ask(rule.reading, at + 0.5)


def bodies(stamp: float) -> Callable[..., Body]:
    """Return a Prometheus whose rules were all evaluated at a moment."""

    def query(promql: str, at: float | None, of: str) -> Body:
        vector = [
            {"metric": {"meshviz": rule.fingerprint}, "value": [at, str(stamp)]}
            for rule in rulebook.rules(60, Naming(), PLAIN, brief=True)
        ]
        return success({"resultType": "vector", "result": vector})

    return query


@pytest.mark.parametrize(("age_s", "is_used"), [(0, True), (30, True), (30.1, False), (-1, False)])
def test_rules_are_used_for_two_of_their_intervals(age_s: float, is_used: bool) -> None:
    parts = plan.parts("slow", 60, Naming(), PLAIN, brief=True)
    rules = rulebook.rules(60, Naming(), PLAIN, brief=True)

    asked = ruled.with_rules(parts, rules, 1000.0, bodies(1000.0 - age_s))

    assert asked.at == (1000.0 - age_s if is_used else 1000.0)
    assert bool(asked.instead) is is_used


def test_full_names_do_where_brief_ones_would() -> None:
    full = rulebook.rules(60, Naming(), PLAIN, brief=False)
    loaded = [rule.fingerprint for rule in full]

    assert ruled.candidates(60, Naming(), PLAIN, loaded, brief=True) == full
    assert ruled.candidates(60, Naming(), PLAIN, loaded, brief=False) == full
    assert ruled.candidates(300, Naming(), PLAIN, loaded, brief=False) == []


def test_what_has_no_classic_counters_has_no_rules() -> None:
    native = replace(PLAIN, native=frozenset({"istio_request_duration_milliseconds"}))

    questions = [rule.question for rule in rulebook.rules(60, Naming(), native, brief=True)]

    assert questions == ["request_bytes", "response_bytes"]


def test_the_doctor_sees_which_rules_are_used(mesh: Source) -> None:
    at = time.time()

    own = own_rules(
        lambda query: mesh.ask(query, at), at, (60, WINDOW_S), mesh.naming, mesh.shape, brief=True
    )

    assert list(own.used) == [WINDOW_S]
    assert own.used[WINDOW_S] > 30
    # Those of the other scenes.
    assert own.foreign


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("meshviz-rules.yaml", rulefile.rule_file),
        ("meshviz-prometheusrule.yaml", lambda groups: rulefile.manifest(groups, ["--manifest"])),
    ],
)
def test_the_rules_that_come_along_are_up_to_date(
    name: str, write: Callable[[list[Group]], str]
) -> None:
    """When this fails: `python manage.py rules > deploy/prometheus/...`, see the file's head."""
    windows = config.load({}).windows

    assert (DEPLOYED / name).read_text() == write(list(rulebook.plain(windows)))


def test_prometheus_takes_the_rules_that_come_along() -> None:
    rules = DEPLOYED / "meshviz-rules.yaml"
    checked = subprocess.run(
        [find_promtool(), "check", "rules", str(rules)], capture_output=True, text=True, check=False
    )

    assert checked.returncode == 0, checked.stderr
    content = yaml.safe_load(rules.read_text())["groups"]
    assert (
        content
        == yaml.safe_load((DEPLOYED / "meshviz-prometheusrule.yaml").read_text())["spec"]["groups"]
    )


def command(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    own = {key: value for key, value in os.environ.items() if not key.startswith("MESHVIZ_")}
    return subprocess.run(
        [sys.executable, "manage.py", "rules", *arguments],
        cwd=ROOT,
        env={**own, **{f"MESHVIZ_{name}": value for name, value in settings.items()}},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_writes_rules_for_the_mesh_that_is_there(computing: Computing) -> None:
    selector = 'scene="times-twice"'
    written = command(
        "--window", "5m", PROMETHEUS_URL=computing.url, SELECTOR=selector, SCRAPE_INTERVAL="15s"
    )

    assert yaml.safe_load(written.stdout)["groups"] == groups_for(computing, "times-twice")
    assert "rules --window 5m\n" in written.stdout


def test_the_command_says_what_it_cannot_write() -> None:
    refused = command("--window", "7m")

    assert refused.returncode == 2
    assert "--window 7m is not among MESHVIZ_WINDOWS" in refused.stderr
    assert command(METRICS="istio_requests_total=mesh:requests", LABELS="source_app=src").stdout
