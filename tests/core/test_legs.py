"""Which links are legs of requests that are drawn as a whole, and which only look like it."""

from graph.core.accounts import Account, Entry, Reporter
from graph.core.identity import Link, PeerKey, ServiceKey
from graph.core.legs import Legs
from graph.core.wire import Protocol

CLIENT, SERVER, WAYPOINT = (PeerKey("", "shop", name, "", "") for name in ("web", "cart", "way"))


def link(source: PeerKey, target: PeerKey, protocol: Protocol = "tcp") -> Link:
    return Link(source, target, ServiceKey("", "shop", "cart"), protocol, "")


def told(
    source: PeerKey,
    target: PeerKey,
    reporter: Reporter,
    protocol: Protocol = "http",
    *,
    alive: bool = True,
) -> Entry:
    made = link(source, target, protocol)
    return Entry(made, reporter, (made, reporter), Account(), alive)


def legs(*entries: Entry) -> Legs:
    return Legs.of(entries, lambda peer: peer == WAYPOINT)


WHOLE = told(CLIENT, SERVER, "waypoint")


def test_both_legs_of_what_a_waypoint_tells_are_legs() -> None:
    found = legs(WHOLE)

    assert found.is_leg(link(CLIENT, WAYPOINT))
    assert found.is_leg(link(WAYPOINT, SERVER))
    assert not found.is_leg(link(CLIENT, SERVER))


def test_what_is_no_whole_does_not_hide_what_follows() -> None:
    dead = told(CLIENT, SERVER, "destination", alive=False)

    assert legs(dead, WHOLE).is_leg(link(CLIENT, WAYPOINT))


def test_a_waypoint_that_tells_of_nothing_any_more_has_no_legs() -> None:
    dead = told(CLIENT, SERVER, "waypoint", alive=False)

    assert not legs(dead).is_leg(link(CLIENT, WAYPOINT))
    assert not legs(dead).is_leg(link(WAYPOINT, SERVER))


def test_requests_to_the_waypoint_are_not_the_whole_of_themselves() -> None:
    asked = told(CLIENT, WAYPOINT, "waypoint")

    assert not legs(asked).is_leg(link(CLIENT, WAYPOINT))


def test_what_a_waypoint_asks_of_its_own_accord_is_not_the_whole_of_itself() -> None:
    own = told(WAYPOINT, SERVER, "destination")

    assert not legs(own).is_leg(link(WAYPOINT, SERVER))


def test_connections_do_not_make_a_server_of_requests() -> None:
    connected = told(CLIENT, SERVER, "destination", "tcp")

    assert not legs(connected).is_leg(link(WAYPOINT, SERVER))


def test_a_server_that_only_callers_tell_of_may_be_asked_by_the_waypoint_alone() -> None:
    called = told(CLIENT, SERVER, "source")

    assert not legs(called).is_leg(link(WAYPOINT, SERVER))


def test_that_callers_ask_the_waypoint_itself_does_not_make_it_a_server() -> None:
    asked = told(CLIENT, WAYPOINT, "source")

    assert legs(WHOLE, asked).is_leg(link(CLIENT, WAYPOINT))


def test_connections_to_a_waypoint_do_not_end_there() -> None:
    passed = told(CLIENT, WAYPOINT, "destination", "tcp")

    assert legs(passed, WHOLE).is_leg(link(CLIENT, WAYPOINT))
