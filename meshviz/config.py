"""Every setting of meshviz, declared once and parsed strictly.

``SETTINGS`` is the table (`meshviz/table.py`). ``load`` turns an environment into a ``Config`` or
raises one ``ConfigError`` that lists everything that is wrong with it.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any, Literal

from graph.core.wire import SignIn
from graph.sources.access import secret_text
from graph.sources.naming import Matcher, Metric
from meshviz.conflicts import compact, conflicts_in
from meshviz.database import Database
from meshviz.redis_url import RedisUrl
from meshviz.setting import Conflict
from meshviz.table import PREFIX, SETTINGS, Setting

__all__ = [
    "OF_OTHERS",
    "PREFIX",
    "SETTINGS",
    "Config",
    "ConfigError",
    "Problem",
    "Setting",
    "compact",
    "host_names",
    "load",
    "problem_with",
    "prometheus_address",
    "redis_address",
    "replaced",
]


# Read by `manage.py demo` itself, which then starts a server with settings of its own.
OF_OTHERS = frozenset({"MESHVIZ_DEMO_PROMETHEUS"})


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
    prometheus_token: str | None = field(repr=False)
    prometheus_token_file: Path | None
    prometheus_user: str | None
    prometheus_password: str | None = field(repr=False)
    prometheus_password_file: Path | None
    prometheus_headers: tuple[tuple[str, str], ...] = field(repr=False)
    prometheus_parameters: tuple[tuple[str, str], ...] = field(repr=False)
    prometheus_ca_file: Path | None
    prometheus_cert_file: Path | None
    prometheus_key_file: Path | None
    prometheus_verify: bool
    selector: tuple[Matcher, ...] | None
    metrics: Mapping[str, Metric]
    labels: Mapping[str, str]
    waypoints: tuple[str, ...]
    gateways: tuple[str, ...]
    groups: tuple[str, ...]
    health_file: Path | None
    database_url: Database
    sign_in: Literal["anyone"] | SignIn
    access_file: Path | None
    secret_key: str | None = field(repr=False)
    secret_key_file: Path | None
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...]
    proxy_user_header: str
    proxy_groups_header: str
    proxy_secret: str | None = field(repr=False)
    proxy_secret_file: Path | None
    oidc_issuer: str | None
    oidc_client_id: str | None
    oidc_client_secret: str | None = field(repr=False)
    oidc_client_secret_file: Path | None
    oidc_scopes: tuple[str, ...]
    oidc_user_claim: str
    oidc_groups_claim: str
    oidc_ca_file: Path | None
    host: str
    port: int
    operations_address: tuple[str, int] | None
    drain: float
    allowed_hosts: tuple[str, ...]
    extra_origins: tuple[str, ...]
    max_views: int
    max_viewers: int
    max_viewers_per_user: int | None
    max_views_per_user: int | None
    query_seconds: int
    query_seconds_per_user: int
    max_nodes: int
    max_edges: int
    redis_url: RedisUrl | None
    heartbeat_file: Path | None
    log_level: str
    log_format: str

    @property
    def has_users(self) -> bool:
        """Whether people have names, so that there is something to keep of each."""
        return self.sign_in not in ("none", "anyone")

    @property
    def has_sessions(self) -> bool:
        """Whether people sign in here, and stay so for a while."""
        return self.sign_in in ("users", "oidc")

    @property
    def told_sign_in(self) -> SignIn:
        """How people sign in, as clients are told."""
        return "none" if self.sign_in == "anyone" else self.sign_in

    @property
    def lasting_key(self) -> str | None:
        """The key that outlives the process; None when there is none."""
        return secret_text(self.secret_key_file) if self.secret_key_file else self.secret_key


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
            values[setting.field] = value = setting.parse(text)
            if setting.check is not None and value is not None:
                setting.check(value)
        except ValueError as error:
            problems.append(_problem(setting, text, str(error)))
    if problems or (complete and missing):
        raise ConfigError([*missing, *problems])
    if conflicts := [_conflict(environ, found) for found in conflicts_in(values)]:
        raise ConfigError([*missing, *conflicts])
    return Config(**values)


def replaced(environ: Mapping[str, str], **given: object) -> dict[str, str]:
    """Return ``environ`` with the command-line options that were given put in by name."""
    options = {name: value for name, value in given.items() if value is not None}
    return {**environ, **{PREFIX + name.upper(): str(value) for name, value in options.items()}}


def prometheus_address(config: Config) -> str:
    """Return Prometheus' address; raise ConfigError when there is none."""
    if config.prometheus_url is None:
        raise ConfigError([_problem(_by_field("prometheus_url"), None, "it is needed")])
    return config.prometheus_url


def redis_address(config: Config) -> RedisUrl:
    """Return the address of Redis; raise ConfigError when there is none."""
    if config.redis_url is None:
        raise ConfigError([_problem(_by_field("redis_url"), None, "scaled mode needs it")])
    return config.redis_url


def host_names(config: Config) -> list[str]:
    """Return every name by which meshviz may be called. Never a wildcard."""
    names = ["localhost", "127.0.0.1", "[::1]"]
    if config.host not in ("0.0.0.0", "::"):  # noqa: S104  # compared with, not bound to
        names.append(f"[{config.host}]" if ":" in config.host else config.host)
    return list(dict.fromkeys([*names, *config.allowed_hosts]))


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


def _by_field(field: str) -> Setting:
    return next(setting for setting in SETTINGS if setting.field == field)


def _conflict(environ: Mapping[str, str], found: Conflict) -> Problem:
    setting = _by_field(found.field)
    given = environ.get(setting.name, "").strip() or setting.default
    problem = _problem(setting, given, found.reason)
    return replace(problem, example=found.example) if found.example else problem


def problem_with(field: str, given: str, reason: str) -> ConfigError:
    """Return the error for a setting that turns out to be wrong when it is used."""
    return ConfigError([_problem(_by_field(field), given, reason)])


def _problem(setting: Setting, given: str | None, reason: str) -> Problem:
    shown = None if given is None else re.sub(r"[^/,]*@", "***@", given)
    if setting.is_secret and shown:
        shown = "(not shown)"
    example = f"{setting.name}={setting.example}"
    return Problem(setting.name, shown, reason, setting.accepted, example)
