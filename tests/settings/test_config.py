"""Settings: every variable, what is refused, and what the message says."""

import pytest

from meshviz.config import (
    SETTINGS,
    ConfigError,
    Setting,
    compact,
    host_names,
    load,
    prometheus_address,
    replaced,
)

URL = {"MESHVIZ_PROMETHEUS_URL": "http://prometheus:9090"}

# Variable, text, field's value.
GOOD = [
    ("PROMETHEUS_URL", "https://thanos.example.com/prefix/", "https://thanos.example.com/prefix"),
    ("PROMETHEUS_PUBLIC_URL", "http://localhost:9090", "http://localhost:9090"),
    ("WINDOW", "5m", 300),
    ("WINDOWS", "1m, 30m", (60, 1800)),
    ("INTERVAL", "1s", 1.0),
    ("QUERY_TIMEOUT", "500ms", 0.5),
    ("QUERY_BUDGET", "1", 1.0),
    ("QUERY_BUDGET", ".05", 0.05),
    ("SCRAPE_INTERVAL", "15s", 15.0),
    ("SCRAPE_INTERVAL", "auto", None),
    ("HOST", "::", "::"),
    ("PORT", "0", 0),
    ("ALLOWED_HOSTS", "meshviz.example.com, [fd00::1]", ("meshviz.example.com", "[fd00::1]")),
    ("EXTRA_ORIGINS", "HTTPS://Meshviz.example.com", ("https://meshviz.example.com",)),
    ("MAX_VIEWS", "1", 1),
    ("MAX_VIEWERS", "10", 10),
    ("LOG_LEVEL", "debug", "debug"),
]

# Variable, text, a word of the reason.
BAD = [
    ("PROMETHEUS_URL", "prometheus:9090", "http"),
    ("PROMETHEUS_URL", "ftp://prometheus", "http"),
    ("PROMETHEUS_URL", "http://", "no host"),
    ("PROMETHEUS_URL", "http://prometheus:99999", "port"),
    ("PROMETHEUS_URL", "http://prometheus/?x=1", "query"),
    ("PROMETHEUS_URL", "http://pro metheus", "space"),
    ("PROMETHEUS_URL", "http://me:secret@prometheus", "password"),
    ("PROMETHEUS_PUBLIC_URL", "localhost", "http"),
    ("WINDOW", "5", "duration"),
    ("WINDOW", "9s", "range"),
    ("WINDOW", "10500ms", "whole seconds"),
    ("WINDOWS", "1m,,5m", "empty"),
    ("WINDOWS", "1m,60s", "twice"),
    ("WINDOWS", "1m,2d", "duration"),
    ("INTERVAL", "500ms", "range"),
    ("INTERVAL", "2m", "range"),
    ("QUERY_TIMEOUT", "0s", "range"),
    ("QUERY_BUDGET", "0", "range"),
    ("QUERY_BUDGET", "25%", "number"),
    ("QUERY_BUDGET", "1.5", "range"),
    ("SCRAPE_INTERVAL", "automatic", "duration"),
    ("HOST", "http://localhost", "address"),
    ("PORT", "80a", "whole number"),
    ("PORT", "65536", "range"),
    ("PORT", "-1", "whole number"),
    ("ALLOWED_HOSTS", "*", "wildcard"),
    ("ALLOWED_HOSTS", ".example.com", "wildcard"),
    ("ALLOWED_HOSTS", "example.com:8000", "host name"),
    ("EXTRA_ORIGINS", "example.com", "http"),
    ("EXTRA_ORIGINS", "https://example.com/path", "behind"),
    ("EXTRA_ORIGINS", "null", "http"),
    ("MAX_VIEWS", "0", "range"),
    ("MAX_VIEWERS", "many", "whole number"),
    ("LOG_LEVEL", "INFO", "accepted words"),
    ("LOG_LEVEL", "verbose", "accepted words"),
]


def ids(rows: list[tuple[str, str, object]]) -> list[str]:
    return [f"{name}={text}" for name, text, _ in rows]


@pytest.mark.parametrize(("name", "text", "value"), GOOD, ids=ids(GOOD))
def test_good_value_is_parsed(name: str, text: str, value: object) -> None:
    config = load({**URL, f"MESHVIZ_{name}": text})

    assert getattr(config, name.lower()) == value


@pytest.mark.parametrize(("name", "text", "word"), BAD, ids=ids(BAD))
def test_bad_value_is_refused_and_explained(name: str, text: str, word: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load({**URL, f"MESHVIZ_{name}": text})

    (problem,) = caught.value.problems
    (setting,) = (setting for setting in SETTINGS if setting.name == f"MESHVIZ_{name}")
    message = str(caught.value)
    assert problem.variable == setting.name
    assert word in problem.reason
    assert f'"{text}"' in message or "***@" in message
    assert setting.accepted in message
    assert f"{setting.name}={setting.example}" in message


def test_every_setting_has_good_and_bad_cases() -> None:
    names = {setting.field.upper() for setting in SETTINGS}

    assert {name for name, _, _ in GOOD} == names
    assert {name for name, _, _ in BAD} == names


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_default_and_example_are_accepted(setting: Setting) -> None:
    setting.parse(setting.example)
    if setting.default is not None:
        setting.parse(setting.default)


def test_defaults_need_only_the_address() -> None:
    config = load(URL, complete=True)

    assert prometheus_address(config) == "http://prometheus:9090"
    assert (config.window, config.windows) == (60, (60, 300, 900, 3600))


def test_address_is_demanded_of_a_server_only() -> None:
    assert load({}).prometheus_url is None
    with pytest.raises(ConfigError, match="MESHVIZ_PROMETHEUS_URL"):
        load({}, complete=True)
    with pytest.raises(ConfigError, match="MESHVIZ_PROMETHEUS_URL"):
        prometheus_address(load({}))


def test_empty_variable_counts_as_unset() -> None:
    assert load({**URL, "MESHVIZ_PORT": "", "MESHVIZ_EXTRA_ORIGINS": " "}) == load(URL)


def test_all_problems_come_in_one_message() -> None:
    with pytest.raises(ConfigError) as caught:
        load({"MESHVIZ_PORT": "x", "MESHVIZ_WINDOW": "y", "MESHVIZ_NOPE": "z"}, complete=True)

    assert [problem.variable for problem in caught.value.problems] == [
        "MESHVIZ_PROMETHEUS_URL",
        "MESHVIZ_NOPE",
        "MESHVIZ_WINDOW",
        "MESHVIZ_PORT",
    ]
    assert "4 settings are wrong" in str(caught.value)


def test_unknown_name_gets_a_suggestion_and_keeps_its_value_to_itself() -> None:
    with pytest.raises(ConfigError) as caught:
        load({**URL, "MESHVIZ_PROMETEUS_URL": "http://x", "MESHVIZ_TOKEN": "s3cret"})

    assert "did you mean MESHVIZ_PROMETHEUS_URL?" in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_password_in_an_address_is_never_shown() -> None:
    for text in ("http://me:s3cret@prometheus", "me:s3cret@prometheus", "http://s3cret@h/?q"):
        with pytest.raises(ConfigError) as caught:
            load({"MESHVIZ_PROMETHEUS_URL": text})
        assert "s3cret" not in str(caught.value)


def test_variable_of_the_demo_is_left_alone() -> None:
    assert load({**URL, "MESHVIZ_DEMO_PROMETHEUS": "/usr/bin/prometheus"}) == load(URL)


@pytest.mark.parametrize(
    ("given", "variable"),
    [
        ({"MESHVIZ_WINDOW": "2m"}, "MESHVIZ_WINDOW"),
        ({"MESHVIZ_WINDOWS": "5m"}, "MESHVIZ_WINDOW"),
        ({"MESHVIZ_WINDOWS": "10s,1m", "MESHVIZ_INTERVAL": "11s"}, "MESHVIZ_INTERVAL"),
        ({"MESHVIZ_SCRAPE_INTERVAL": "31s"}, "MESHVIZ_SCRAPE_INTERVAL"),
    ],
    ids=["window not offered", "default not offered", "interval too long", "window too short"],
)
def test_values_that_cannot_be_true_together_are_refused(
    given: dict[str, str], variable: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load({**URL, **given})

    assert [problem.variable for problem in caught.value.problems] == [variable]


def test_window_may_hold_just_two_scrapes() -> None:
    assert load({**URL, "MESHVIZ_SCRAPE_INTERVAL": "30s"}).scrape_interval == 30.0


def test_option_of_the_command_line_wins() -> None:
    environ = replaced({**URL, "MESHVIZ_PORT": "8000"}, port="9000", host=None)

    assert load(environ).port == 9000
    assert load(environ).host == "127.0.0.1"


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("0.0.0.0", None),  # noqa: S104  # nothing is bound here
        ("::", None),
        ("10.0.0.7", "10.0.0.7"),
        ("fd00::7", "[fd00::7]"),
    ],
)
def test_listening_address_is_a_name_of_ours(host: str, own: str | None) -> None:
    names = host_names(load({**URL, "MESHVIZ_HOST": host, "MESHVIZ_ALLOWED_HOSTS": "a.example"}))

    assert names == ["localhost", "127.0.0.1", "[::1]", *([own] if own else []), "a.example"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.5, "500ms"), (5, "5s"), (60, "1m"), (90, "90s"), (3600, "1h"), (5400, "90m")],
)
def test_duration_is_written_as_people_write_it(seconds: float, text: str) -> None:
    assert compact(seconds) == text
