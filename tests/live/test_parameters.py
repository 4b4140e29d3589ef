"""What clients may ask, and how they are told what they may not."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.core.engine import ViewSpec
from graph.core.permit import EVERYTHING
from graph.live.parameters import (
    MAX_NAMESPACES,
    BadParameter,
    Windows,
    client_message,
    moment,
    refuse_unknown,
    single,
    view_spec,
)

WINDOWS = Windows({"1m": 60, "5m": 300}, "1m")
NOW = 1_763_650_800.0  # 2025-11-20T15:00:00Z


def spec(**query: Sequence[str]) -> ViewSpec:
    return view_spec(query, WINDOWS, EVERYTHING)


def test_nothing_asked_is_everything_in_the_default_window() -> None:
    assert spec() == ViewSpec("workload", 60, ())


def test_namespaces_are_a_set() -> None:
    asked = spec(type=["app"], window=["5m"], namespace=["shop", "bookinfo", "shop"])

    assert asked == ViewSpec("app", 300, ("bookinfo", "shop"))


@pytest.mark.parametrize(
    ("query", "parameter", "accepted"),
    [
        ({"type": ["pod"]}, "type", "workload, app"),
        ({"type": [""]}, "type", "workload"),
        ({"type": ["app", "app"]}, "type", "once"),
        ({"window": ["2m"]}, "window", "1m, 5m"),
        ({"window": ["60s"]}, "window", "1m, 5m"),
        ({"window": ["1m", "5m"]}, "window", "once"),
        ({"namespace": [""]}, "namespace", "1 to 300"),
        ({"namespace": ["a" * 301]}, "namespace", "1 to 300"),
        ({"perspective": ["proxy"]}, "perspective", "auto, server, client"),
        ({"perspective": [""]}, "perspective", "auto"),
        ({"perspective": ["auto", "server"]}, "perspective", "once"),
        ({"idle": ["yes"]}, "idle", "true, false"),
        ({"waypoints": ["1"]}, "waypoints", "true"),
        ({"operations": [""]}, "operations", "true"),
        ({"collapse": [""]}, "collapse", "1 to 300"),
        ({"collapse": [f"n{i}" for i in range(MAX_NAMESPACES + 1)]}, "collapse", "at most"),
        ({"namespace": [f"n{i}" for i in range(MAX_NAMESPACES + 1)]}, "namespace", "at most"),
    ],
)
def test_bad_parameter_is_named(query: dict[str, list[str]], parameter: str, accepted: str) -> None:
    with pytest.raises(BadParameter) as caught:
        view_spec(query, WINDOWS, EVERYTHING)

    assert caught.value.parameter == parameter
    assert accepted in caught.value.accepted


@given(st.text(max_size=400))
def test_a_namespace_may_be_called_anything(text: str) -> None:
    try:
        (name,) = spec(namespace=[text]).namespaces
    except BadParameter:
        assert not 1 <= len(text) <= 300
        return
    assert name == text


def test_a_view_is_asked_for_with_all_its_options() -> None:
    asked = spec(perspective=["client"], idle=["true"], waypoints=["false"], operations=["true"])

    assert (asked.perspective, asked.idle, asked.waypoints, asked.operations) == (
        "client",
        True,
        False,
        True,
    )


def test_collapsed_namespaces_are_a_set() -> None:
    assert spec(collapse=["shop", "bank", "shop"]).collapsed == ("bank", "shop")
    asked = {"type": "view", "graph_type": "app", "window": "1m", "namespaces": []}
    named = client_message({**asked, "collapsed": ["shop", "bank"]}, WINDOWS, EVERYTHING)
    assert isinstance(named, ViewSpec)
    assert named.collapsed == ("bank", "shop")
    with pytest.raises(BadParameter, match="not a list"):
        client_message({**asked, "collapsed": "shop"}, WINDOWS, EVERYTHING)


def test_unknown_parameter_is_named_with_the_known_ones() -> None:
    refuse_unknown({"type": ["app"]}, "type", "window")
    with pytest.raises(BadParameter) as caught:
        refuse_unknown({"namespcae": ["shop"]}, "type", "namespace")

    assert caught.value.parameter == "namespcae"
    assert caught.value.accepted == "type, namespace"


def test_single_takes_one_value() -> None:
    assert single({}, "node") is None
    assert single({"node": ["x"]}, "node") == "x"
    with pytest.raises(BadParameter):
        single({"node": ["x", "y"]}, "node")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("1763640000", 1763640000.0),
        ("1763640000.75", 1763640000.75),
        ("1763640000.7200267", 1763640000.72),
        ("2025-11-20T12:00:00Z", 1763640000.0),
        ("2025-11-20T13:00:00+01:00", 1763640000.0),
        ("2025-11-20T13:00:00 01:00", 1763640000.0),
        ("2025-11-20T12:00:00.5Z", 1763640000.5),
        ("2025-11-20T07:00:00-05:00", 1763640000.0),
    ],
)
def test_moment_is_read_in_both_forms(text: str, at: float) -> None:
    assert moment({"at": [text]}, NOW) == at


@pytest.mark.parametrize(
    "text",
    ["", "now", "-5", "1e9", "2025-11-20", "2025-11-20T12:00:00", "1763650802", "99999999999"],
)
def test_bad_moment_is_refused(text: str) -> None:
    with pytest.raises(BadParameter) as caught:
        moment({"at": [text]}, NOW)

    assert caught.value.parameter == "at"
    assert "RFC 3339" in caught.value.accepted


def test_absent_moment_is_now() -> None:
    assert moment({}, NOW) is None


def test_options_of_a_client_are_understood() -> None:
    view = {"type": "view", "graph_type": "app", "window": "5m", "namespaces": []}

    asked = client_message({**view, "perspective": "server", "idle": True}, WINDOWS, EVERYTHING)

    assert asked == ViewSpec("app", 300, (), "server", idle=True)
    with pytest.raises(BadParameter) as caught:
        client_message({**view, "idle": "true"}, WINDOWS, EVERYTHING)
    assert caught.value.parameter == "idle"


def test_messages_of_a_client_are_understood() -> None:
    view = {"type": "view", "graph_type": "app", "window": "5m", "namespaces": ["shop"]}

    assert client_message(view, WINDOWS, EVERYTHING) == ViewSpec("app", 300, ("shop",))
    assert client_message({"type": "resync"}, WINDOWS, EVERYTHING) == {"type": "resync"}


@pytest.mark.parametrize(
    ("message", "parameter"),
    [
        ([], "message"),
        ("view", "message"),
        (None, "message"),
        ({}, "type"),
        ({"type": "subscribe"}, "type"),
        ({"type": ["view"]}, "type"),
        ({"type": "resync", "seq": 4}, "seq"),
        ({"type": "view"}, "window"),
        ({"type": "view", "window": "1m", "namespaces": []}, "graph_type"),
        ({"type": "view", "graph_type": "app", "window": "1m"}, "namespaces"),
        ({"type": "view", "graph_type": "app", "window": 60, "namespaces": []}, "window"),
        ({"type": "view", "graph_type": "app", "window": "1m", "namespaces": "x"}, "namespaces"),
        ({"type": "view", "graph_type": "app", "window": "1m", "namespaces": [1]}, "namespaces"),
        ({"type": "view", "graph_type": "x", "window": "1m", "namespaces": []}, "graph_type"),
        ({"type": "view", "graph_type": "app", "window": "2m", "namespaces": []}, "window"),
    ],
)
def test_bad_message_names_the_field(message: Any, parameter: str) -> None:
    with pytest.raises(BadParameter) as caught:
        client_message(message, WINDOWS, EVERYTHING)

    assert caught.value.frame()["parameter"] == parameter
    assert caught.value.frame()["accepted"]
