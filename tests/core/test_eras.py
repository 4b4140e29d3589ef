"""Older telemetry in today's words: names out of hosts, milliseconds out of seconds, workloads."""

import pytest

from graph.core import eras
from graph.core.samples import Sample

HOST = "reviews.bookinfo.svc.cluster.local"


def mixer_0(**labels: str) -> Sample:
    return Sample(
        {"source_service": "web.shop.svc.cluster.local", "destination_service": HOST, **labels}, 3.0
    )


def test_mixer_0_knows_services_by_their_hosts() -> None:
    made = eras.from_mixer_0(
        mixer_0(
            source_version="v1",
            destination_version="v2",
            response_code="503",
            connection_mtls="true",
        ),
        "http",
    )

    assert made == Sample(
        {
            "reporter": "destination",
            "request_protocol": "http",
            "connection_security_policy": "mutual_tls",
            "source_canonical_service": "web",
            "source_workload_namespace": "shop",
            "source_canonical_revision": "v1",
            "destination_canonical_service": "reviews",
            "destination_workload_namespace": "bookinfo",
            "destination_canonical_revision": "v2",
            "destination_service": HOST,
            "destination_service_name": "reviews",
            "destination_service_namespace": "bookinfo",
            "response_code": "503",
        },
        3.0,
    )


@pytest.mark.parametrize(
    ("told", "policy"),
    [
        ({"connection_mtls": "true"}, "mutual_tls"),
        ({"connection_mtls": "false"}, "none"),
        ({"connection_mtls": "unknown"}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_mixer_0_says_in_a_word_whether_it_saw_mtls(told: dict[str, str], policy: str) -> None:
    made = eras.from_mixer_0(mixer_0(**told), "tcp").labels

    assert made["connection_security_policy"] == policy
    assert made["request_protocol"] == "tcp"


def test_host_outside_the_cluster_is_a_service_without_a_workload() -> None:
    made = eras.from_mixer_0(mixer_0(destination_service="api.example.com"), "http").labels

    assert made["destination_service"] == made["destination_service_name"] == "api.example.com"
    assert not {"destination_canonical_service", "destination_service_namespace"} & made.keys()


@pytest.mark.parametrize("nobody", ["unknown", ""])
def test_what_mixer_0_does_not_know_is_left_out(nobody: str) -> None:
    labels = {
        f"{end}_{what}": nobody
        for end in ("source", "destination")
        for what in ("service", "version")
    }
    made = eras.from_mixer_0(Sample(labels, 1.0), "http")

    assert made.labels == {
        "reporter": "destination",
        "request_protocol": "http",
        "connection_security_policy": "unknown",
    }


def test_bounds_of_buckets_are_kept() -> None:
    assert eras.from_mixer_0(mixer_0(le="0.5"), "http").labels["le"] == "0.5"


@pytest.mark.parametrize(
    ("host", "split"),
    [
        (HOST, ("reviews", "bookinfo")),
        ("reviews.bookinfo.svc", ("reviews", "bookinfo")),
        ("reviews.bookinfo", ("", "")),
        ("reviews", ("", "")),
        ("reviews..svc.cluster.local", ("", "")),
        ("reviews.bookinfo.svcs.cluster.local", ("", "")),
        ("a.b.example.svc", ("", "")),
        ("", ("", "")),
    ],
)
def test_hosts_of_clusters_hold_service_and_namespace(host: str, split: tuple[str, str]) -> None:
    assert eras.split_host(host) == split


def test_mixer_1_wrote_identities_without_their_scheme() -> None:
    labels = {
        "source_principal": "cluster.local/ns/shop/sa/web",
        "destination_principal": "spiffe://cluster.local/ns/bookinfo/sa/reviews",
        "reporter": "source",
    }
    made = eras.from_mixer_1(Sample(labels, 2.0))

    assert made.value == 2.0
    assert made.labels == {
        **labels,
        "source_principal": "spiffe://cluster.local/ns/shop/sa/web",
    }


@pytest.mark.parametrize("nobody", ["unknown", ""])
def test_nobodys_identity_stays_nobodys(nobody: str) -> None:
    labels = {"source_principal": nobody, "destination_principal": nobody}

    assert eras.from_mixer_1(Sample(labels, 2.0)) == Sample(labels, 2.0)


def test_seconds_become_milliseconds() -> None:
    assert list(eras.in_milliseconds([Sample({"a": "1"}, 0.25), Sample({}, 2.0)])) == [
        Sample({"a": "1"}, 250.0),
        Sample({}, 2000.0),
    ]


@pytest.mark.parametrize(
    ("seconds", "milliseconds"),
    [
        ("0.005", "5"),
        ("0.0005", "0.5"),
        ("1", "1000"),
        ("1.0", "1000"),
        ("+Inf", "+Inf"),
        # All digits that telemetry writes, and none that only floating point makes.
        ("0.1234567891", "123.4567891"),
        ("0.57", "570"),
    ],
)
def test_bounds_in_seconds_become_bounds_in_milliseconds(seconds: str, milliseconds: str) -> None:
    (made,) = eras.bounds_in_milliseconds([Sample({"le": seconds, "a": "1"}, 7.0)])

    assert made == Sample({"le": milliseconds, "a": "1"}, 7.0)


@pytest.mark.parametrize("labels", [{"le": "much"}, {"le": ""}, {}])
def test_buckets_without_a_bound_are_left_out(labels: dict[str, str]) -> None:
    good = Sample({"le": "1"}, 1.0)

    assert [
        made.labels["le"] for made in eras.bounds_in_milliseconds([Sample(labels, 1), good])
    ] == ["1000"]


def told(end: str, workload: str = "reviews-v2", **more: str) -> dict[str, str]:
    """Return what a newer proxy says of one end."""
    labels = {
        "workload": workload,
        "workload_namespace": "bookinfo",
        "canonical_service": "reviews",
        "canonical_revision": "v2",
        **more,
    }
    return {f"{end}_{name}": value for name, value in labels.items()}


def asked(end: str, **more: str) -> Sample:
    """Return a series that names an end, but for its workload."""
    return Sample(told(end, workload="", **more), 1.0)


@pytest.mark.parametrize("question", ["requests", "tcp_sent"])
@pytest.mark.parametrize("teller", ["source", "destination"])
@pytest.mark.parametrize("end", ["source", "destination"])
def test_workload_of_mixer_0_is_the_one_that_newer_proxies_know(
    question: str, teller: str, end: str
) -> None:
    known = eras.register({question: [Sample(told(teller), 1.0)]})
    before = asked(end)
    after = known.complete(before)

    assert after == Sample({**before.labels, f"{end}_workload": "reviews-v2"}, 1.0)


def test_other_questions_tell_nothing_of_workloads() -> None:
    known = eras.register({"duration_sum": [Sample(told("source"), 1.0)]})

    assert known.complete(asked("source")) == asked("source")


@pytest.mark.parametrize(
    "other",
    [
        {"workload_namespace": "shop"},
        {"canonical_service": "ratings"},
        {"canonical_revision": "v3"},
    ],
    ids=["namespace", "app", "version"],
)
def test_workload_of_another_place_is_another_one(other: dict[str, str]) -> None:
    known = eras.register({"requests": [Sample(told("source"), 1.0)]})

    assert known.complete(asked("source", **other)) == asked("source", **other)


def test_where_two_workloads_share_a_version_none_is_told_for_certain() -> None:
    twins = [Sample(told("source"), 1.0), Sample(told("destination", "reviews-v2-canary"), 1.0)]

    assert eras.register({"requests": twins}).complete(asked("source")) == asked("source")
    assert eras.register({"requests": twins[:1] * 2}).complete(asked("source")) != asked("source")


def test_workload_that_is_told_is_not_told_anew() -> None:
    known = eras.register({"requests": [Sample(told("source"), 1.0)]})
    own = Sample(told("source", "mine"), 1.0)

    assert known.complete(own) is own


@pytest.mark.parametrize("nobody", ["unknown", ""])
def test_workloads_without_a_name_or_an_app_are_not_noted(nobody: str) -> None:
    nameless = Sample(told("source", nobody), 1.0)
    appless = Sample(told("source", canonical_service=nobody), 1.0)
    known = eras.register({"requests": [nameless, appless]})

    assert known.complete(asked("source")) == asked("source")
    assert known.complete(asked("source", canonical_service="")) == asked(
        "source", canonical_service=""
    )


@pytest.mark.parametrize("vague", ["latest", "", "unknown"])
def test_version_stands_in_where_there_is_no_revision(vague: str) -> None:
    known = eras.register(
        {"requests": [Sample(told("source", canonical_revision=vague, version="v2"), 1.0)]}
    )

    assert known.complete(asked("source")).labels["source_workload"] == "reviews-v2"


def test_revision_comes_before_the_version_and_service_before_the_app() -> None:
    labels = told("source", version="v9", app="other")
    known = eras.register({"requests": [Sample(labels, 1.0)]})

    assert known.complete(asked("source")).labels["source_workload"] == "reviews-v2"


def test_app_stands_in_where_there_is_no_canonical_service() -> None:
    labels = told("source", canonical_service="unknown", app="reviews")
    known = eras.register({"requests": [Sample(labels, 1.0)]})

    assert known.complete(asked("source")).labels["source_workload"] == "reviews-v2"


def test_answers_are_completed_question_by_question() -> None:
    known = eras.register({"requests": [Sample(told("source"), 1.0)]})
    answers = {"requests": [asked("source"), asked("destination")], "tcp_sent": []}

    assert eras.complete(answers, known) == {
        "requests": [known.complete(asked("source")), known.complete(asked("destination"))],
        "tcp_sent": [],
    }
