"""Every series of a link adds to the account of whoever counted it."""

import pytest

from graph.core.accounts import Account
from graph.core.samples import Sample
from tests.make import labels, readings

TCP = {"request_protocol": "tcp"}
GRPC = {"request_protocol": "grpc"}


def account(question: str, rates: list[float], **more: str) -> Account:
    """Return the one account that series of a question make, which differ in their flags."""
    series = [Sample(labels(response_flags=f"F{n}", **more), rate) for n, rate in enumerate(rates)]
    (made,) = readings(**{question: series}).fast.accounts.values()
    return made


@pytest.mark.parametrize(
    ("question", "field", "more"),
    [
        ("tcp_sent", "sent_bps", TCP),
        ("tcp_received", "received_bps", TCP),
        ("tcp_opened", "connections_per_s", TCP),
        ("tcp_closed", "connections_closed_per_s", TCP),
        ("duration_sum", "duration_sum_ms", {}),
        ("duration_count", "duration_count", {}),
        ("response_messages", "sent_mps", GRPC),
        ("request_messages", "received_mps", GRPC),
    ],
)
def test_series_of_the_same_link_are_added(question: str, field: str, more: dict[str, str]) -> None:
    assert getattr(account(question, [2.0, 3.0, 0.5], **more), field) == 5.5


@pytest.mark.parametrize("question", ["tcp_sent", "tcp_received"])
def test_bytes_carry_security_and_identities(question: str) -> None:
    made = account(question, [2.0, 3.0], **TCP)

    assert made.security == {"mutual_tls": 5.0}
    assert list(made.principals.values()) == [5.0]
    assert list(made.hosts.values()) == [5.0]


def test_connections_carry_none_of_it() -> None:
    assert account("tcp_opened", [2.0], **TCP).security == {}
