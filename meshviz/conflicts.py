"""What cannot be true together although each setting is fine."""

import ssl
from collections.abc import Iterator, Mapping
from itertools import starmap
from math import ceil
from typing import Any

from meshviz.conflicts_sign_in import sign_in_conflicts
from meshviz.setting import PREFIX, Conflict

_Pair = tuple[str, str]

_AUTHORIZATION = ("prometheus_token", "prometheus_token_file", "prometheus_user")
# Of each pair only one can be meant.
_EITHER = (
    ("prometheus_token", "prometheus_token_file"),
    ("prometheus_password", "prometheus_password_file"),
    ("prometheus_token", "prometheus_user"),
    ("prometheus_token_file", "prometheus_user"),
    ("secret_key", "secret_key_file"),
    ("proxy_secret", "proxy_secret_file"),
    ("oidc_client_secret", "oidc_client_secret_file"),
)
_FOR_TLS = ("prometheus_ca_file", "prometheus_cert_file", "prometheus_key_file")


def conflicts_in(values: Mapping[str, Any]) -> Iterator[Conflict]:
    """Yield what is wrong with the parsed settings as a whole."""
    yield from _timing(values)
    yield from starmap(Conflict, _authorization(values))
    yield from starmap(Conflict, _certificates(values))
    yield from sign_in_conflicts(values)
    if values["operations_address"] and values["operations_address"][1] == values["port"] != 0:
        yield Conflict("operations_address", f"the page is on this port, see {_name('port')}")
    if str(values["prometheus_url"] or "").startswith("recording:"):
        if values["redis_url"]:
            yield Conflict("redis_url", "a recording is played by one process", "unset it")
        yield from (
            Conflict(field, "a recording is played from a file; nobody is asked for anything")
            for field in (*_AUTHORIZATION, *_FOR_TLS, "selector")
            if values[field]
        )


def _timing(values: Mapping[str, Any]) -> Iterator[Conflict]:
    windows = ",".join(map(compact, values["windows"]))
    shortest = min(values["windows"])
    if values["window"] not in values["windows"]:
        example = f"{PREFIX}WINDOW={compact(values['windows'][0])}"
        yield Conflict("window", f"not among {PREFIX}WINDOWS={windows}", example)
    if values["interval"] > shortest:
        yield Conflict("interval", f"longer than the shortest window, {compact(shortest)}")
    if values["scrape_interval"] and shortest < 2 * values["scrape_interval"]:
        yield _too_short(values)


def _too_short(values: Mapping[str, Any]) -> Conflict:
    scrape_s, windows, window = values["scrape_interval"], values["windows"], values["window"]
    works_s = ceil(2 * scrape_s)
    enough = dict.fromkeys(max(seconds, works_s) for seconds in windows)
    example = f"{PREFIX}WINDOWS={','.join(map(compact, enough))}"
    if window < works_s:
        example += f" {PREFIX}WINDOW={compact(works_s)}"
    return Conflict(
        "windows",
        f"with {PREFIX}SCRAPE_INTERVAL={compact(scrape_s)} the shortest window that works is "
        f"{compact(works_s)}, since a rate needs two scrapes; {compact(min(windows))} is shorter",
        example,
    )


def _authorization(values: Mapping[str, Any]) -> Iterator[_Pair]:
    for first, second in _EITHER:
        if values[first] and values[second]:
            yield second, f"{_name(first)} is given too, and only one of the two can be used"
    passwords = [
        name for name in ("prometheus_password", "prometheus_password_file") if values[name]
    ]
    if passwords and not values["prometheus_user"]:
        yield passwords[0], f"there is no {_name('prometheus_user')} to go with it"
    if values["prometheus_user"] and not passwords:
        yield "prometheus_user", f"there is no {_name('prometheus_password_file')} to go with it"
    if any(name.lower() == "authorization" for name, _ in values["prometheus_headers"]):
        for name in _AUTHORIZATION:
            if values[name]:
                yield "prometheus_headers", f"it has Authorization, and {_name(name)} is given too"


def _certificates(values: Mapping[str, Any]) -> Iterator[_Pair]:
    certificate, key = values["prometheus_cert_file"], values["prometheus_key_file"]
    if str(values["prometheus_url"] or "").startswith("http://"):
        for name in _FOR_TLS:
            if values[name]:
                yield name, f"{_name('prometheus_url')} is no https:// address"
    if key and not certificate:
        yield "prometheus_key_file", f"there is no {_name('prometheus_cert_file')} to go with it"
    elif certificate:
        try:
            ssl.create_default_context().load_cert_chain(certificate, key, password="")
        except (ssl.SSLError, OSError, ValueError):
            reason = "the two do not make a pair" if key else "it does not hold certificate and key"
            yield ("prometheus_key_file" if key else "prometheus_cert_file"), reason
    if values["prometheus_ca_file"] and not values["prometheus_verify"]:
        yield "prometheus_verify", f"{_name('prometheus_ca_file')} is given, which is for verifying"


def _name(field: str) -> str:
    return PREFIX + field.upper()


def compact(seconds: float) -> str:
    """Return a duration as people write it: 60 is "1m", 90 is "90s", 0.5 is "500ms"."""
    if seconds != int(seconds):
        return f"{round(seconds * 1000)}ms"
    for unit, length in (("h", 3600), ("m", 60)):
        if seconds >= length and seconds % length == 0:
            return f"{int(seconds // length)}{unit}"
    return f"{int(seconds)}s"
