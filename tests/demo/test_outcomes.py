"""How requests end: codes, flags, who took part, and what counts as an error."""

import pytest

from graph.demo.outcomes import OutcomeError, Protocol, Told, over_ztunnel, parse_outcome


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
        ("http", "503/UF,URX", ("503", "", "UF,URX"), False, True),
        ("http", "503/URX", ("503", "", "URX"), True, True),
        ("http", "=2xx", ("2xx", "", "-"), True, False),
        ("grpc", "2/DC", ("0", "2", "DC"), True, True),
        ("tcp", "UF", ("", "", "UF"), False, True),
        ("tcp", "DENY", ("", "", "DENY"), False, True),
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


@pytest.mark.parametrize("text", ["XX", "uf", "UF,XX", ""])
def test_nonsense_is_no_flag_of_a_connection(text: str) -> None:
    with pytest.raises(OutcomeError, match="unknown flag"):
        parse_outcome("tcp", text)


def test_tcp_has_no_codes() -> None:
    with pytest.raises(OutcomeError, match="no response codes"):
        parse_outcome("tcp", "200")


def test_the_servers_proxy_knows_no_client_flags() -> None:
    assert parse_outcome("http", "200/DI").server_flags == "-"


@pytest.mark.parametrize(
    ("protocol", "text", "client", "server"),
    [
        ("http", "504/UT", ("504", "", "UT"), ("0", "", "DC")),
        ("grpc", "14/UT", ("200", "14", "UT"), ("0", "2", "DC")),
        ("http", "0/DC", ("0", "", "DC"), ("0", "", "DC")),
        ("http", "503/UC", ("503", "", "UC"), ("503", "", "UC")),
        ("http", "429/RL", ("429", "", "-"), ("429", "", "RL")),
        ("http", "403/UAEX", ("403", "", "-"), ("403", "", "UAEX")),
        ("http", "503/URX", ("503", "", "URX"), ("503", "", "-")),
        ("tcp", "DENY", ("", "", "DENY"), ("", "", "DENY")),
    ],
)
def test_each_proxy_tells_what_it_knows(
    protocol: Protocol, text: str, client: tuple[str, ...], server: tuple[str, ...]
) -> None:
    outcome = parse_outcome(protocol, text)

    assert outcome.client == Told(*client)
    assert outcome.server == Told(*server)


@pytest.mark.parametrize(
    ("protocol", "text", "flags"),
    [("http", "500", "-"), ("http", "503/UF", "CONNECT"), ("tcp", "DENY", "DENY")],
)
def test_a_ztunnel_sees_connections_only(protocol: Protocol, text: str, flags: str) -> None:
    assert over_ztunnel(parse_outcome(protocol, text)).client_flags == flags
