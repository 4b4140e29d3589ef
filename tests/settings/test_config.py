"""Settings: every variable, what is refused, and what the message says."""

import ssl
from ipaddress import ip_network
from pathlib import Path

import pytest

from graph.sources.naming import Metric
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
from meshviz.database import DEFAULT
from meshviz.opening import access_of, mesh_rules, open_configured
from meshviz.redis_url import RedisUrl

TLS = Path(__file__).parents[1] / "tls"
FILES = Path(__file__).parent / "files"
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
    ("PROMETHEUS_TOKEN", "s3cret", "s3cret"),
    ("PROMETHEUS_TOKEN_FILE", f"{FILES}/secret", FILES / "secret"),
    ("PROMETHEUS_USER", "", None),
    ("PROMETHEUS_PASSWORD", "", None),
    ("PROMETHEUS_PASSWORD_FILE", "", None),
    (
        "PROMETHEUS_HEADERS",
        "X-Scope-OrgID: a, b; X-Two: 2",
        (("X-Scope-OrgID", "a, b"), ("X-Two", "2")),
    ),
    ("PROMETHEUS_HEADERS", "X-One: a;b\nX-Two: 2\n", (("X-One", "a;b"), ("X-Two", "2"))),
    ("PROMETHEUS_PARAMETERS", "dedup=true&extra=a%26b", (("dedup", "true"), ("extra", "a&b"))),
    ("PROMETHEUS_CA_FILE", "", None),
    ("PROMETHEUS_CERT_FILE", "", None),
    ("PROMETHEUS_KEY_FILE", "", None),
    ("PROMETHEUS_VERIFY", "false", False),
    (
        "SELECTOR",
        'cluster="east", env!~"dev|test"',
        (("cluster", "=", "east"), ("env", "!~", "dev|test")),
    ),
    (
        "METRICS",
        "istio_requests_total=per_second(mesh:rps)",
        {"istio_requests_total": Metric("mesh:rps", True)},
    ),
    ("LABELS", "source_workload=source.workload", {"source_workload": "source.workload"}),
    ("WAYPOINTS", "bookinfo/*-proxy,waypoint-?", ("bookinfo/*-proxy", "waypoint-?")),
    ("GATEWAYS", "edge/*", ("edge/*",)),
    ("GROUPS", "tenant-*", ("tenant-*",)),
    ("HEALTH_FILE", "", None),
    ("DATABASE_URL", "", DEFAULT),
    ("SIGN_IN", "users", "users"),
    ("SECRET_KEY", "k" * 32, "k" * 32),
    ("SECRET_KEY_FILE", f"{FILES}/long-secret", FILES / "long-secret"),
    ("ACCESS_FILE", f"{FILES}/access.yaml", FILES / "access.yaml"),
    ("TRUSTED_PROXIES", "10.8.0.0/16, ::1", (ip_network("10.8.0.0/16"), ip_network("::1"))),
    ("PROXY_USER_HEADER", "X-Auth-Request-Email", "x-auth-request-email"),
    ("PROXY_GROUPS_HEADER", "X-Auth-Request-Groups", "x-auth-request-groups"),
    ("PROXY_SECRET", "k" * 32, "k" * 32),
    ("PROXY_SECRET_FILE", f"{FILES}/long-secret", FILES / "long-secret"),
    (
        "OIDC_ISSUER",
        "https://login.example.com/realms/main/",
        "https://login.example.com/realms/main",
    ),
    ("OIDC_ISSUER", "http://127.0.0.1:5556", "http://127.0.0.1:5556"),
    ("OIDC_CLIENT_ID", "meshviz", "meshviz"),
    ("OIDC_CLIENT_SECRET", "s3cret", "s3cret"),
    ("OIDC_CLIENT_SECRET_FILE", f"{FILES}/secret", FILES / "secret"),
    ("OIDC_SCOPES", "openid, groups", ("openid", "groups")),
    ("OIDC_USER_CLAIM", "sub", "sub"),
    ("OIDC_GROUPS_CLAIM", "realm_access.roles", "realm_access.roles"),
    ("OIDC_CA_FILE", f"{TLS}/ca.pem", TLS / "ca.pem"),
    ("HOST", "::1", "::1"),
    ("PORT", "0", 0),
    ("ALLOWED_HOSTS", "meshviz.example.com, [fd00::1]", ("meshviz.example.com", "[fd00::1]")),
    ("EXTRA_ORIGINS", "HTTPS://Meshviz.example.com", ("https://meshviz.example.com",)),
    ("MAX_VIEWS", "1", 1),
    ("MAX_VIEWERS", "10", 10),
    ("MAX_VIEWERS_PER_USER", "", None),
    ("MAX_VIEWERS_PER_USER", "20", 20),
    ("MAX_VIEWS_PER_USER", "8", 8),
    ("QUERY_SECONDS", "60", 60),
    ("QUERY_SECONDS_PER_USER", "30", 30),
    ("MAX_NODES", "50", 50),
    ("MAX_EDGES", "100000", 100_000),
    ("LOG_LEVEL", "debug", "debug"),
    ("REDIS_URL", "", None),
    ("REDIS_URL", "redis://redis", RedisUrl("redis://redis")),
    ("REDIS_URL", "redis://:s3%23cret@[::1]:6380/2", RedisUrl("redis://:s3%23cret@[::1]:6380/2")),
    (
        "REDIS_URL",
        f"rediss://redis?ssl_ca_certs={TLS}/ca.pem",
        RedisUrl(f"rediss://redis?ssl_ca_certs={TLS}/ca.pem"),
    ),
    ("REDIS_URL", "unix:///run/redis.sock?db=1", RedisUrl("unix:///run/redis.sock?db=1")),
    ("OPERATIONS_ADDRESS", "localhost:9100", ("localhost", 9100)),
    ("OPERATIONS_ADDRESS", "[::1]:0", ("::1", 0)),
    ("OPERATIONS_ADDRESS", "", None),
    ("DRAIN", "5s", 5.0),
    ("LOG_FORMAT", "json", "json"),
    ("HEARTBEAT_FILE", f"{FILES}/beat", FILES / "beat"),
]

# Variable, text, a word of the reason.
BAD = [
    ("REDIS_URL", "redis:6379", "redis://"),
    ("REDIS_URL", "http://redis", "redis://"),
    ("REDIS_URL", "redis://", "no host"),
    ("REDIS_URL", "redis://redis:99999", "port"),
    ("REDIS_URL", "redis://redis:0", "port 0"),
    ("REDIS_URL", "redis://redis/mesh", "number of a database"),
    ("REDIS_URL", "redis://redis?ssl_ca_certs=x", "nothing that this address"),
    ("REDIS_URL", "rediss://redis?ssl_ca_certs=/no/file", "no file"),
    ("REDIS_URL", "redis://:s3#cret@redis", "port"),
    ("REDIS_URL", "redis://redis#x", "%23"),
    ("REDIS_URL", "unix://", "socket"),
    ("REDIS_URL", "unix://run/redis.sock", "third slash"),
    ("REDIS_URL", "unix:///run/redis.sock?db=x", "number"),
    ("OPERATIONS_ADDRESS", "9100", "no port"),
    ("OPERATIONS_ADDRESS", ":9100", "not an address"),
    ("OPERATIONS_ADDRESS", "::1:9100", "without brackets"),
    ("OPERATIONS_ADDRESS", "localhost:65536", "range"),
    ("DRAIN", "6m", "range"),
    ("LOG_FORMAT", "xml", "accepted words"),
    ("DRAIN", "5", "duration"),
    ("HEARTBEAT_FILE", "/no/such/folder/file", "no folder"),
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
    ("PROMETHEUS_URL", "recording:", "no file"),
    ("PROMETHEUS_URL", "recording:/no/such/file", "cannot be read"),
    ("PROMETHEUS_TOKEN", "two\nlines", "line"),
    ("PROMETHEUS_TOKEN_FILE", "/no/such/file", "cannot be read (No such file"),
    ("PROMETHEUS_TOKEN_FILE", f"{FILES}/empty", "empty"),
    ("PROMETHEUS_TOKEN_FILE", f"{TLS}/ca.pem", "more than one line"),
    ("PROMETHEUS_USER", "me:you", "colon"),
    ("PROMETHEUS_PASSWORD", "pass\x00word", "line"),
    ("PROMETHEUS_PASSWORD_FILE", "/", "cannot be read"),
    ("PROMETHEUS_HEADERS", "X-Scope-OrgID", "NAME: VALUE"),
    ("PROMETHEUS_HEADERS", "X Scope: a", "NAME: VALUE"),
    ("PROMETHEUS_HEADERS", "X-Scope-OrgID: a; x-scope-orgid: b", "twice"),
    ("PROMETHEUS_HEADERS", "Host: elsewhere", "meshviz to set"),
    ("PROMETHEUS_HEADERS", "X-Scope-OrgID: a\rX-Evil: b\n", "no header may have"),
    ("PROMETHEUS_HEADERS", "X-Scope-OrgID: a\x1bb", "no header may have"),
    ("PROMETHEUS_PARAMETERS", "dedup", "name=value"),
    ("PROMETHEUS_PARAMETERS", "query=up", "meshviz to set"),
    ("PROMETHEUS_CA_FILE", f"{FILES}/secret", "no PEM"),
    ("PROMETHEUS_CERT_FILE", "/no/such/file", "cannot be read"),
    ("PROMETHEUS_KEY_FILE", "/no/such/file", "cannot be read"),
    ("PROMETHEUS_VERIFY", "no", "accepted words"),
    ("SELECTOR", "cluster=east", "character 1"),
    ("SELECTOR", 'cluster="east"env="dev"', "comma"),
    ("SELECTOR", 'cluster="east",', "comma"),
    ("SELECTOR", '__name__="up"', "metric's name"),
    ("SELECTOR", 'cluster=~"("', "regular expression"),
    ("SELECTOR", 'cluster=~"(?!east).*"', "lack"),
    ("SELECTOR", 'a="1"} or up{b="2"', "character"),
    ("METRICS", "istio_requests_total", "YOUR_NAME"),
    ("METRICS", "istio_request_total=x", "not a metric"),
    ("METRICS", "istio_requests_total=a,istio_requests_total=b", "twice"),
    ("METRICS", "istio_requests_total=x[5m]) or (y", "cannot be the name"),
    ("LABELS", "sourceworkload=x", "not a label"),
    ("LABELS", "source_app=x,source_version=x", "same name"),
    ("LABELS", "source_app=__name__", "cannot be the name"),
    ("WAYPOINTS", "a/b/c", "pattern"),
    ("GATEWAYS", "edge gate", "pattern"),
    ("GROUPS", "tenants/", "pattern"),
    ("HEALTH_FILE", f"{FILES}/health-wrong.yaml", "line 2"),
    ("HEALTH_FILE", "/no/such/file", "cannot be read"),
    ("DATABASE_URL", "mysql://me:s3cret@db/meshviz", "does not start with"),
    ("DATABASE_URL", "sqlite:////no/such/folder/meshviz.sqlite3", "/no/such/folder"),
    ("SIGN_IN", "true", "accepted words"),
    ("SECRET_KEY", "k" * 31, "shorter than 32"),
    ("SECRET_KEY", "k" * 40 + "\n" + "k", "line"),
    ("SECRET_KEY_FILE", f"{FILES}/secret", "shorter than 32"),
    ("SECRET_KEY_FILE", "/no/such/file", "cannot be read"),
    ("ACCESS_FILE", f"{FILES}/access-wrong.yaml", "line 2"),
    ("ACCESS_FILE", "/no/such/file", "cannot be read"),
    ("TRUSTED_PROXIES", "10.8.0.1/16", "network"),
    ("TRUSTED_PROXIES", "proxy.example.com", "network"),
    ("PROXY_USER_HEADER", "X-User:", "name of a header"),
    ("PROXY_USER_HEADER", "X_Forwarded_User", "underscore"),
    ("PROXY_GROUPS_HEADER", "X Groups", "name of a header"),
    ("PROXY_SECRET", "k" * 31, "shorter than 32"),
    ("PROXY_SECRET_FILE", f"{FILES}/secret", "shorter than 32"),
    ("OIDC_ISSUER", "login.example.com", "http"),
    ("OIDC_ISSUER", "http://login.example.com", "in the clear"),
    ("OIDC_CLIENT_ID", "two\nlines", "line"),
    ("OIDC_CLIENT_SECRET", "two\nlines", "line"),
    ("OIDC_CLIENT_SECRET_FILE", "/no/such/file", "cannot be read"),
    ("OIDC_SCOPES", "openid,,email", "empty"),
    ("OIDC_SCOPES", "open id", "word"),
    ("OIDC_USER_CLAIM", "e mail", "word"),
    ("OIDC_GROUPS_CLAIM", "groups,roles and more", "word"),
    ("OIDC_CA_FILE", f"{FILES}/secret", "PEM"),
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
    ("MAX_VIEWERS_PER_USER", "0", "out of range"),
    ("MAX_VIEWS_PER_USER", "10001", "out of range"),
    ("QUERY_SECONDS", "0", "out of range"),
    ("QUERY_SECONDS_PER_USER", "1.5", "whole number"),
    ("MAX_NODES", "49", "range"),
    ("MAX_EDGES", "1e5", "whole number"),
    ("LOG_LEVEL", "INFO", "accepted words"),
    ("LOG_LEVEL", "verbose", "accepted words"),
]


NAMES = {setting.field.upper(): setting.name for setting in SETTINGS}


PROXY = {"MESHVIZ_SIGN_IN": "proxy", "MESHVIZ_TRUSTED_PROXIES": "10.0.0.0/8"}
OIDC = {
    "MESHVIZ_SIGN_IN": "oidc",
    "MESHVIZ_OIDC_ISSUER": "https://login.example.com",
    "MESHVIZ_OIDC_CLIENT_ID": "meshviz",
}


def beside(name: str) -> dict[str, str]:
    """Return the settings that this one needs to mean anything."""
    if name == "ACCESS_FILE":
        return {"MESHVIZ_SIGN_IN": "users"}
    if name.startswith(("PROXY_", "TRUSTED")):
        return PROXY
    return OIDC if name.startswith("OIDC_") else {}


def ids(rows: list[tuple[str, str, object]]) -> list[str]:
    return [f"{name}={text}" for name, text, _ in rows]


@pytest.mark.parametrize(("name", "text", "value"), GOOD, ids=ids(GOOD))
def test_good_value_is_parsed(name: str, text: str, value: object) -> None:
    config = load({**URL, **beside(name), NAMES[name]: text})

    assert getattr(config, name.lower()) == value


@pytest.mark.parametrize(("name", "text", "word"), BAD, ids=ids(BAD))
def test_bad_value_is_refused_and_explained(name: str, text: str, word: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load({**URL, NAMES[name]: text})

    (problem,) = caught.value.problems
    (setting,) = (setting for setting in SETTINGS if setting.name == NAMES[name])
    message = str(caught.value)
    assert problem.variable == setting.name
    assert word in problem.reason
    if setting.is_secret:
        assert problem.given == "(not shown)"
    else:
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
        ({"MESHVIZ_SCRAPE_INTERVAL": "31s"}, "MESHVIZ_WINDOWS"),
    ],
    ids=["window not offered", "default not offered", "interval too long", "window too short"],
)
def test_values_that_cannot_be_true_together_are_refused(
    given: dict[str, str], variable: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load({**URL, **given})

    assert [problem.variable for problem in caught.value.problems] == [variable]


HTTPS = {"MESHVIZ_PROMETHEUS_URL": "https://prometheus"}
SECRET = f"{FILES}/secret"


@pytest.mark.parametrize(
    ("given", "variable", "word"),
    [
        ({"TOKEN": "a", "TOKEN_FILE": SECRET}, "TOKEN_FILE", "PROMETHEUS_TOKEN is given"),
        ({"TOKEN": "a", "USER": "u", "PASSWORD": "p"}, "USER", "only one of the two"),
        ({"USER": "u"}, "USER", "MESHVIZ_PROMETHEUS_PASSWORD_FILE"),
        ({"PASSWORD": "p"}, "PASSWORD", "MESHVIZ_PROMETHEUS_USER"),
        ({"USER": "u", "PASSWORD": "p", "PASSWORD_FILE": SECRET}, "PASSWORD_FILE", "only one"),
        ({"TOKEN": "a", "HEADERS": "authorization: Basic abc"}, "HEADERS", "Authorization"),
        ({"KEY_FILE": f"{TLS}/client-key.pem"}, "KEY_FILE", "MESHVIZ_PROMETHEUS_CERT_FILE"),
        ({"CERT_FILE": f"{TLS}/client.pem"}, "CERT_FILE", "certificate and key"),
        (
            {"CERT_FILE": f"{TLS}/client.pem", "KEY_FILE": f"{TLS}/server-key.pem"},
            "KEY_FILE",
            "pair",
        ),
        ({"CA_FILE": f"{TLS}/ca.pem", "VERIFY": "false"}, "VERIFY", "verifying"),
        ({"CA_FILE": f"{TLS}/ca.pem", "URL": "http://prometheus"}, "CA_FILE", "https"),
    ],
)
def test_credentials_that_cannot_be_true_together_are_refused(
    given: dict[str, str], variable: str, word: str
) -> None:
    named = {f"MESHVIZ_PROMETHEUS_{name}": text for name, text in given.items()}
    with pytest.raises(ConfigError) as caught:
        load({**HTTPS, **named})

    (problem,) = caught.value.problems
    assert problem.variable == f"MESHVIZ_PROMETHEUS_{variable}"
    assert word in problem.reason
    assert problem.example.startswith(problem.variable)


KEY = "k" * 40
SCALED = {"MESHVIZ_SIGN_IN": "users", "MESHVIZ_REDIS_URL": "redis://redis"}


def test_key_is_needed_where_several_processes_must_agree() -> None:
    with pytest.raises(ConfigError) as caught:
        load({**URL, **SCALED})

    (problem,) = caught.value.problems
    assert problem.variable == "MESHVIZ_SECRET_KEY_FILE"
    assert "scaled mode" in problem.reason
    assert load({**URL, **SCALED, "MESHVIZ_SECRET_KEY": KEY}).lasting_key == KEY
    assert load({**URL, "MESHVIZ_SIGN_IN": "users"}).lasting_key is None


def test_key_comes_from_one_place(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{KEY}\n")
    from_file = {**URL, "MESHVIZ_SECRET_KEY_FILE": f"{tmp_path}/key"}

    assert load(from_file).lasting_key == KEY
    with pytest.raises(ConfigError, match="only one of the two"):
        load({**from_file, "MESHVIZ_SECRET_KEY": KEY})


def test_certificate_and_key_may_come_in_two_files() -> None:
    given = {
        "MESHVIZ_PROMETHEUS_CERT_FILE": f"{TLS}/client.pem",
        "MESHVIZ_PROMETHEUS_KEY_FILE": f"{TLS}/client-key.pem",
        "MESHVIZ_PROMETHEUS_CA_FILE": f"{TLS}/ca.pem",
    }

    assert load({**HTTPS, **given}).prometheus_key_file == TLS / "client-key.pem"


def test_secrets_are_not_part_of_what_is_printed_of_the_settings() -> None:
    given = {
        "MESHVIZ_PROMETHEUS_USER": "u",
        "MESHVIZ_PROMETHEUS_PASSWORD": "hunter2",
        "MESHVIZ_PROMETHEUS_HEADERS": "X-Key: hunter2",
        "MESHVIZ_PROMETHEUS_PARAMETERS": "key=hunter2",
        "MESHVIZ_SECRET_KEY": "hunter2" * 5,
    }
    config = load({**URL, **given})

    assert "hunter2" not in f"{config!r} {access_of(config)!r}"


def test_rules_of_the_operator_reach_the_mesh(tmp_path: Path) -> None:
    given = {"MESHVIZ_WAYPOINTS": "a/b*", "MESHVIZ_GATEWAYS": "c", "MESHVIZ_GROUPS": "d-*"}
    rules = mesh_rules(load({**URL, **given, "MESHVIZ_HEALTH_FILE": f"{FILES}/health.yaml"}))

    assert (rules.waypoints, rules.gateways, rules.groups) == (("a/b*",), ("c",), ("d-*",))
    assert rules.health != mesh_rules(load(URL)).health


def test_a_recording_that_cannot_be_played_is_a_wrong_setting() -> None:
    url = f"recording:{FILES}/secret"

    with pytest.raises(ConfigError) as caught:
        open_configured(load({"MESHVIZ_PROMETHEUS_URL": url}))

    (problem,) = caught.value.problems
    assert (problem.variable, problem.given) == ("MESHVIZ_PROMETHEUS_URL", url)


@pytest.mark.parametrize(
    ("given", "example"),
    [
        ({"SCRAPE_INTERVAL": "15s", "WINDOWS": "20s,1m"}, "WINDOWS=30s,1m"),
        ({"SCRAPE_INTERVAL": "40s"}, "WINDOWS=80s,5m,15m,1h MESHVIZ_WINDOW=80s"),
        ({"SCRAPE_INTERVAL": "1m", "WINDOWS": "20s,1m,90s,3m"}, "WINDOWS=2m,3m MESHVIZ_WINDOW=2m"),
        ({"WINDOW": "2m"}, "WINDOW=1m"),
    ],
)
def test_example_for_windows_that_do_not_fit_is_accepted(
    given: dict[str, str], example: str
) -> None:
    settings = {**URL, **{f"MESHVIZ_{name}": text for name, text in given.items()}}
    with pytest.raises(ConfigError) as caught:
        load(settings)

    (problem,) = caught.value.problems
    assert problem.example == f"MESHVIZ_{example}"
    assert load({**settings, **dict(pair.split("=") for pair in problem.example.split())})


def test_windows_too_short_for_the_scrape_interval_say_which_would_do() -> None:
    with pytest.raises(ConfigError) as caught:
        load({**URL, "MESHVIZ_SCRAPE_INTERVAL": "15s", "MESHVIZ_WINDOWS": "20s,1m"})

    assert "the shortest window that works is 30s" in str(caught.value)


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
    settings = {"MESHVIZ_HOST": host, "MESHVIZ_ALLOWED_HOSTS": "a.example"}
    names = host_names(load({**URL, **settings, "MESHVIZ_SIGN_IN": "anyone"}))

    assert names == ["localhost", "127.0.0.1", "[::1]", *([own] if own else []), "a.example"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.5, "500ms"), (5, "5s"), (60, "1m"), (90, "90s"), (3600, "1h"), (5400, "90m")],
)
def test_duration_is_written_as_people_write_it(seconds: float, text: str) -> None:
    assert compact(seconds) == text


@pytest.mark.parametrize("text", ["redis://:s3cret@redis:66666", "redus://:s3cret@redis"])
def test_password_of_redis_is_never_shown(text: str):
    with pytest.raises(ConfigError) as caught:
        load({**URL, "MESHVIZ_REDIS_URL": text})

    assert "MESHVIZ_REDIS_URL=redis://redis.istio-system:6379/0" in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert "s3cret" not in repr(load({**URL, "MESHVIZ_REDIS_URL": "redis://:s3cret@redis"}))


@pytest.mark.parametrize(
    ("text", "broker", "tls"),
    [
        ("redis://:pw@redis:1/2", "redis://:pw@redis:1/2", None),
        ("unix:///run/r.sock?db=2", "redis+socket:///run/r.sock?virtual_host=2", None),
        ("unix://me:pw@/run/r.sock", "redis+socket://me:pw@/run/r.sock?virtual_host=0", None),
        (
            f"rediss://redis:1?ssl_ca_certs={TLS}/ca.pem",
            "rediss://redis:1",
            {"ssl_cert_reqs": ssl.CERT_REQUIRED, "ssl_ca_certs": f"{TLS}/ca.pem"},
        ),
    ],
)
def test_address_of_redis_as_celery_writes_it(
    text: str, broker: str, tls: dict[str, object] | None
):
    found = load({**URL, "MESHVIZ_REDIS_URL": text}).redis_url

    assert found is not None
    assert found.broker == (broker, tls)


def test_recording_is_played_by_one_process():
    recording = FILES.parents[1] / "recordings" / "demo.jsonl.gz"
    settings = {
        "MESHVIZ_PROMETHEUS_URL": f"recording:{recording}",
        "MESHVIZ_REDIS_URL": "redis://redis",
    }
    with pytest.raises(ConfigError, match="MESHVIZ_REDIS_URL"):
        load(settings)


def refused(**settings: str) -> list[tuple[str, str]]:
    """Return which variables are refused, and why."""
    with pytest.raises(ConfigError) as caught:
        load({**URL, **{f"MESHVIZ_{name.upper()}": text for name, text in settings.items()}})
    return [(problem.variable, problem.reason) for problem in caught.value.problems]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.7", "mesh.example.com"])  # noqa: S104
def test_nobody_else_is_let_in_without_a_word(host: str) -> None:
    ((variable, reason),) = refused(host=host)

    assert variable == "MESHVIZ_SIGN_IN"
    assert "lets other machines in" in reason
    for word in ("anyone", "users"):
        assert load({**URL, "MESHVIZ_HOST": host, "MESHVIZ_SIGN_IN": word}).host == host


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_this_machine_needs_no_word(host: str) -> None:
    assert load({**URL, "MESHVIZ_HOST": host}).sign_in == "none"


def test_what_belongs_to_another_way_of_signing_in_is_refused() -> None:
    assert refused(oidc_client_id="meshviz")[0][0] == "MESHVIZ_OIDC_CLIENT_ID"
    assert refused(sign_in="oidc", trusted_proxies="10.0.0.1", oidc_client_id="x")[0] == (
        "MESHVIZ_TRUSTED_PROXIES",
        "it is for MESHVIZ_SIGN_IN=proxy, and this is oidc",
    )
    assert "nobody has a name" in refused(access_file=f"{FILES}/access.yaml")[0][1]


def test_a_proxy_has_to_be_told_from_others() -> None:
    ((variable, reason),) = refused(sign_in="proxy")

    assert variable == "MESHVIZ_TRUSTED_PROXIES"
    assert "anybody could say to be anybody" in reason


def test_a_provider_has_to_be_known() -> None:
    problems = refused(sign_in="oidc", oidc_scopes="email")

    assert [variable for variable, _ in problems] == [
        "MESHVIZ_OIDC_ISSUER",
        "MESHVIZ_OIDC_CLIENT_ID",
        "MESHVIZ_OIDC_SCOPES",
    ]
