"""What a response means."""

import pytest

from graph.core import outcomes
from graph.core.outcomes import Outcome
from graph.core.wire import Protocol
from tests.make import feed, only_edge, request


@pytest.mark.parametrize(
    ("code", "grpc_status", "protocol", "error"),
    [
        ("200", "", "http", False),
        ("404", "", "http", False),
        ("500", "", "http", True),
        ("555", "", "http", True),
        ("5xx", "", "http", True),
        ("0", "", "http", True),
        ("42836664", "", "http", False),
        ("200", "0", "grpc", False),
        ("200", "14", "grpc", True),
        ("0", "2", "grpc", True),
        ("503", "0", "grpc", True),
        ("200", "", "grpc", False),
    ],
)
def test_what_counts_as_an_error(code: str, grpc_status: str, protocol: str, error: bool) -> None:
    assert outcomes.is_error(Outcome(code, grpc_status, ""), protocol) is error  # type: ignore[arg-type]


def test_grpc_edges_show_the_grpc_status() -> None:
    edge = only_edge(
        feed(
            requests=[
                request(9, request_protocol="grpc", grpc_response_status="0"),
                request(1, request_protocol="grpc", grpc_response_status="14"),
            ]
        )
    )

    assert edge["protocol"] == "grpc"
    assert [(r["code"], r["error"]) for r in edge["responses"]] == [("0", False), ("14", True)]
    assert edge["error_ratio"] == 0.1


def test_client_errors_are_shown_apart_from_errors() -> None:
    edge = only_edge(feed(requests=[request(95), request(5, response_code="404")]))

    assert edge["error_ratio"] == 0
    assert edge["client_error_ratio"] == 0.05


def test_unknown_flags_are_kept() -> None:
    edge = only_edge(feed(requests=[request(1, response_flags="NEWFLAG")]))

    assert edge["responses"][0]["flags"] == "NEWFLAG"


def test_outcomes_that_look_alike_are_added() -> None:
    codes = ("200", "2"), ("404", "2"), ("200", "0")
    told = {Outcome(*each, ""): rps for each, rps in zip(codes, (1.0, 2.0, 4.0), strict=True)}

    def shown(protocol: Protocol) -> list[tuple[str, float]]:
        return [(row["code"], row["rps"]) for row in outcomes.responses(told, protocol)]

    assert shown("http") == [("200", 5), ("404", 2)]
    assert shown("grpc") == [("0", 4), ("2", 1), ("404", 2)]
