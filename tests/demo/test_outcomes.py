"""How requests end: codes, flags, who took part, and what counts as an error."""

import pytest

from graph.demo.outcomes import OutcomeError, Protocol, parse_outcome


@pytest.mark.parametrize(
    ("protocol", "text", "labels", "reached", "error"),
    [
        ("http", "200", ("200", "", "-"), True, False),
        ("http", "404", ("404", "", "-"), True, False),
        ("http", "503", ("503", "", "-"), True, True),
        ("http", "503/UF", ("503", "", "UF"), False, True),
        ("http", "200/DI", ("200", "", "DI"), True, False),
        ("http", "0", ("0", "", "-"), True, True),
        ("grpc", "0", ("200", "0", "-"), True, False),
        ("grpc", "14/UH", ("200", "14", "UH"), False, True),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_text_names_an_outcome(
    protocol: Protocol, text: str, labels: tuple[str, str, str], reached: bool, error: bool
) -> None:
    outcome = parse_outcome(protocol, text)

    assert (outcome.code, outcome.grpc_status, outcome.client_flags) == labels
    assert (outcome.reached, outcome.error) == (reached, error)


@pytest.mark.parametrize("text", ["", "99", "600", "2xx", "503/uf"])
def test_nonsense_is_no_http_outcome(text: str) -> None:
    with pytest.raises(OutcomeError):
        parse_outcome("http", text)


def test_grpc_has_statuses_to_sixteen() -> None:
    with pytest.raises(OutcomeError, match="not a gRPC status"):
        parse_outcome("grpc", "17")


def test_tcp_has_no_codes() -> None:
    with pytest.raises(OutcomeError, match="no response codes"):
        parse_outcome("tcp", "200")


def test_the_servers_proxy_knows_no_client_flags() -> None:
    assert parse_outcome("http", "200/DI").server_flags == "-"
