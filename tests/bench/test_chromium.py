"""How frames are counted in a trace of the browser."""

from bench.chromium import frames_a_second


def shown(at_us: float, name: str = "Display::FrameDisplayed") -> dict[str, object]:
    return {"name": name, "ts": at_us}


def test_frames_are_counted_within_the_time_watched():
    events = [shown(0.9e6), shown(1.1e6), shown(2.9e6), shown(3.1e6)]

    assert frames_a_second(events, 1.0, 3.0) == 1.0


def test_a_page_that_shows_nothing_new_has_no_frames():
    assert frames_a_second([shown(1.5e6, "Surface::CommitFrame")], 1.0, 3.0) == 0.0
