"""Every setting of meshviz, declared once and parsed strictly.

``SETTINGS`` is the table: start-up, error messages, tests and docs/configuration.md all read it.
``load`` turns an environment into a ``Config`` or raises one ``ConfigError`` that lists
everything that is wrong with it.
"""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from meshviz import parsing

PREFIX = "MESHVIZ_"
# Read by `manage.py demo` itself, which then starts a server with settings of its own.
OF_OTHERS = frozenset({"MESHVIZ_DEMO_PROMETHEUS"})


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable: how it is read and what to tell people about it.

    ``default`` is text like the variable itself; None means that `serve` needs a value.
    """

    field: str
    parse: Callable[[str], Any]
    default: str | None
    accepted: str
    example: str
    help: str

    @property
    def name(self) -> str:
        return PREFIX + self.field.upper()


@dataclass(frozen=True, slots=True)
class Config:
    """The settings, parsed. Names are those of the variables without ``MESHVIZ_``."""

    prometheus_url: str | None
    prometheus_public_url: str | None
    window: int
    windows: tuple[int, ...]
    interval: float
    query_timeout: float
    query_budget: float
    scrape_interval: float | None
    host: str
    port: int
    allowed_hosts: tuple[str, ...]
    extra_origins: tuple[str, ...]
    max_views: int
    max_viewers: int
    log_level: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the settings."""

    variable: str
    given: str | None
    reason: str
    accepted: str
    example: str

    def __str__(self) -> str:
        given = "not set" if self.given is None else f'"{self.given}"'
        return (
            f"{self.variable}\n"
            f"  given:    {given}: {self.reason}\n"
            f"  accepted: {self.accepted}\n"
            f"  example:  {self.example}"
        )


class ConfigError(Exception):
    """The settings do not make sense. ``str()`` is the message for the operator."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        count = "a setting is" if len(problems) == 1 else f"{len(problems)} settings are"
        super().__init__(
            "\n\n".join([f"meshviz cannot start: {count} wrong.", *map(str, problems)])
        )


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "prometheus_url",
        parsing.base_url,
        None,
        "an http:// or https:// address without user name, query or fragment",
        "http://prometheus.istio-system:9090",
        "The Prometheus that scrapes the mesh. The only setting without a default.",
    ),
    Setting(
        "prometheus_public_url",
        parsing.optional(parsing.base_url),
        "",
        "an http:// or https:// address without user name, query or fragment",
        "https://prometheus.example.com",
        "Prometheus' address as browsers reach it, for links. Default: the address above.",
    ),
    Setting(
        "window",
        parsing.whole_seconds("10s", "24h"),
        "1m",
        "one of the durations in MESHVIZ_WINDOWS",
        "5m",
        "The look-back window shown first; rates are averages over it.",
    ),
    Setting(
        "windows",
        parsing.list_of(parsing.whole_seconds("10s", "24h"), at_least=1),
        "1m,5m,15m,1h",
        "durations from 10s to 24h, separated by commas, each once",
        "1m,5m,30m",
        "The look-back windows people may choose; no other is ever asked of Prometheus.",
    ),
    Setting(
        "interval",
        parsing.duration_between("1s", "60s"),
        "5s",
        "a duration from 1s to 60s",
        "10s",
        "How often Prometheus is asked. One poll serves every viewer.",
    ),
    Setting(
        "query_timeout",
        parsing.duration_between("100ms", "2m"),
        "10s",
        "a duration from 100ms to 2m",
        "20s",
        "How long one query may take before the tick counts as failed.",
    ),
    Setting(
        "query_budget",
        parsing.share,
        "0.25",
        "a number above 0, at most 1",
        "0.1",
        "The share of time that queries may keep Prometheus busy; ticks stretch to stay below.",
    ),
    Setting(
        "scrape_interval",
        parsing.duration_or_auto("1s", "10m"),
        "auto",
        "auto, or a duration from 1s to 10m",
        "15s",
        "How often Prometheus scrapes the proxies; auto finds out.",
    ),
    Setting(
        "host",
        parsing.bind_address,
        "127.0.0.1",
        "an address or host name to listen on",
        "0.0.0.0",  # noqa: S104  # an example in the documentation, not an address in use
        "Where to listen. 0.0.0.0 listens on every network interface.",
    ),
    Setting(
        "port",
        parsing.whole_between(0, 65535),
        "8000",
        "a whole number from 0 to 65535; 0 takes any free port",
        "8080",
        "The TCP port to listen on.",
    ),
    Setting(
        "allowed_hosts",
        parsing.list_of(parsing.host),
        "",
        "host names without scheme and port, separated by commas; no wildcards",
        "meshviz.example.com,meshviz.istio-system.svc",
        "Names by which people reach meshviz, besides localhost, 127.0.0.1, [::1] and the "
        "address in MESHVIZ_HOST.",
    ),
    Setting(
        "extra_origins",
        parsing.list_of(parsing.origin),
        "",
        "origins (scheme://host[:port]) separated by commas",
        "https://meshviz.example.com",
        "Web origins that may open the websocket although they differ from the address that "
        "meshviz sees, as behind a proxy that ends TLS.",
    ),
    Setting(
        "max_views",
        parsing.whole_between(1, 10_000),
        "64",
        "a whole number from 1 to 10000",
        "200",
        "How many different pictures (window, graph type, namespaces) are kept live at a time.",
    ),
    Setting(
        "max_viewers",
        parsing.whole_between(1, 100_000),
        "2000",
        "a whole number from 1 to 100000",
        "500",
        "How many browsers may be connected at a time.",
    ),
    Setting(
        "log_level",
        parsing.one_of("debug", "info", "warning", "error"),
        "info",
        "debug, info, warning or error",
        "debug",
        "How much is logged.",
    ),
)


def load(environ: Mapping[str, str], *, complete: bool = False) -> Config:
    """Return the settings in ``environ``; raise ConfigError when anything is wrong.

    ``complete`` also demands the settings that have no default, which only a server needs.
    """
    problems = _unknown(environ)
    values: dict[str, Any] = {}
    missing: list[Problem] = []
    for setting in SETTINGS:
        text = environ.get(setting.name, "").strip() or setting.default
        if text is None:
            values[setting.field] = None
            missing.append(_problem(setting, None, "it is needed"))
            continue
        try:
            values[setting.field] = setting.parse(text)
        except ValueError as error:
            problems.append(_problem(setting, text, str(error)))
    if problems or (complete and missing):
        raise ConfigError([*missing, *problems])
    config = Config(**values)
    if conflicts := _conflicts(config):
        raise ConfigError([*missing, *conflicts])
    return config


def replaced(environ: Mapping[str, str], **given: object) -> dict[str, str]:
    """Return ``environ`` with the command-line options that were given put in by name."""
    options = {name: value for name, value in given.items() if value is not None}
    return {**environ, **{PREFIX + name.upper(): str(value) for name, value in options.items()}}


def prometheus_address(config: Config) -> str:
    """Return Prometheus' address; raise ConfigError when there is none."""
    if config.prometheus_url is None:
        raise ConfigError([_problem(_by_field("prometheus_url"), None, "it is needed")])
    return config.prometheus_url


def host_names(config: Config) -> list[str]:
    """Return every name by which meshviz may be called. Never a wildcard."""
    names = ["localhost", "127.0.0.1", "[::1]"]
    if config.host not in ("0.0.0.0", "::"):  # noqa: S104  # compared with, not bound to
        names.append(f"[{config.host}]" if ":" in config.host else config.host)
    return list(dict.fromkeys([*names, *config.allowed_hosts]))


def compact(seconds: float) -> str:
    """Return a duration as people write it: 60 is "1m", 90 is "90s", 0.5 is "500ms"."""
    if seconds != int(seconds):
        return f"{round(seconds * 1000)}ms"
    for unit, length in (("h", 3600), ("m", 60)):
        if seconds >= length and seconds % length == 0:
            return f"{int(seconds // length)}{unit}"
    return f"{int(seconds)}s"


def _unknown(environ: Mapping[str, str]) -> list[Problem]:
    known = [setting.name for setting in SETTINGS]
    problems = []
    for name in sorted(name for name in environ if name.startswith(PREFIX)):
        if name not in known and name not in OF_OTHERS:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else "see docs/configuration.md"
            # The value stays out of the message: it may be a secret meant for something else.
            reason = f"there is no such setting; {hint}"
            problems.append(Problem(name, "(not shown)", reason, ", ".join(known), f"unset {name}"))
    return problems


def _conflicts(config: Config) -> list[Problem]:
    """Return what cannot be true together although each value is fine."""
    given = {field.name: getattr(config, field.name) for field in fields(Config)}
    windows = ",".join(map(compact, config.windows))
    shortest = min(config.windows)
    found: list[tuple[str, str]] = []
    if config.window not in config.windows:
        found.append(("window", f"not among MESHVIZ_WINDOWS={windows}"))
    if config.interval > shortest:
        found.append(("interval", f"longer than the shortest window, {compact(shortest)}"))
    if config.scrape_interval and shortest < 2 * config.scrape_interval:
        reason = f"a rate needs two scrapes, and the shortest window is {compact(shortest)}"
        found.append(("scrape_interval", reason))
    return [_problem(_by_field(field), compact(given[field]), reason) for field, reason in found]


def _by_field(field: str) -> Setting:
    return next(setting for setting in SETTINGS if setting.field == field)


def _problem(setting: Setting, given: str | None, reason: str) -> Problem:
    shown = None if given is None else re.sub(r"[^/,]*@", "***@", given)
    example = f"{setting.name}={setting.example}"
    return Problem(setting.name, shown, reason, setting.accepted, example)
