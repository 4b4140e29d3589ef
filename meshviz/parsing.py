"""Parsers of setting texts. Each returns the value or raises ValueError with one short reason."""

import re
from collections.abc import Callable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, parse_qsl, urlsplit

from graph.sources import RECORDING
from graph.sources.naming import Metric
from graph.sources.naming_text import parse_labels, parse_metrics

T = TypeVar("T")

# 32 letters and digits are more than 160 bits.
SECRET_KEY_LENGTH = 32

_DURATION = re.compile(r"(\d+)(ms|s|m|h)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_HOST = re.compile(
    r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*"
)
# What RFC 9110 allows in the name of a header.
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_OWN_HEADERS = frozenset(
    {"host", "content-length", "content-type", "transfer-encoding", "connection", "accept-encoding"}
)
_OWN_PARAMETERS = frozenset({"query", "time", "timeout", "start", "end", "match[]"})
_WORD = re.compile(r"[!#-\[\]-~]{1,200}")  # RFC 6749's scope tokens
_PATTERN = re.compile(r"([^\s/,]+/)?[^\s/,]+")
_IPV6 = re.compile(r"\[[0-9a-f:.]+\]")


def duration(text: str) -> float:
    """Return seconds from a text such as "500ms", "15s", "5m" or "1h"."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError("not a duration: a whole number and a unit (ms, s, m, h)")
    return int(match[1]) * _SECONDS[match[2]]


def duration_between(low: str, high: str) -> Callable[[str], float]:
    """Return a parser of durations from ``low`` to ``high``, both allowed."""

    def parse(text: str) -> float:
        seconds = duration(text)
        if not duration(low) <= seconds <= duration(high):
            raise ValueError(f"out of range {low} to {high}")
        return seconds

    return parse


def whole_seconds(low: str, high: str) -> Callable[[str], int]:
    """Return a parser of durations that are whole seconds."""
    limited = duration_between(low, high)

    def parse(text: str) -> int:
        seconds = limited(text)
        if seconds != int(seconds):
            raise ValueError("not whole seconds")
        return int(seconds)

    return parse


def duration_or_auto(low: str, high: str) -> Callable[[str], float | None]:
    """Return a parser of durations that also takes "auto", which gives None."""
    limited = duration_between(low, high)

    def parse(text: str) -> float | None:
        return None if text == "auto" else limited(text)

    return parse


def whole_between(low: int, high: int) -> Callable[[str], int]:
    """Return a parser of whole numbers from ``low`` to ``high``, both allowed."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text):
            raise ValueError("not a whole number")
        if not low <= int(text) <= high:
            raise ValueError(f"out of range {low} to {high}")
        return int(text)

    return parse


def share(text: str) -> float:
    """Return a share of one, above 0 and not above 1."""
    if not re.fullmatch(r"[0-9]?\.?[0-9]{1,6}", text):
        raise ValueError("not a decimal number")
    if not 0 < float(text) <= 1:
        raise ValueError("out of range: above 0, at most 1")
    return float(text)


def one_of(*choices: str) -> Callable[[str], str]:
    """Return a parser that takes one of ``choices`` and nothing else."""

    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError("not one of the accepted words")
        return text

    return parse


def list_of(item: Callable[[str], T], *, at_least: int = 0) -> Callable[[str], tuple[T, ...]]:
    """Return a parser of comma-separated items; spaces around items are ignored."""

    def parse(text: str) -> tuple[T, ...]:
        parts = [part.strip() for part in text.split(",")] if text.strip() else []
        if "" in parts:
            raise ValueError("an empty item between commas")
        if len(parts) < at_least:
            raise ValueError(f"at least {at_least} needed")
        values = tuple(item(part) for part in parts)
        if len(set(values)) != len(values):
            raise ValueError("the same item twice")
        return values

    return parse


def optional(parse: Callable[[str], T]) -> Callable[[str], T | None]:
    """Return a parser that gives None for an empty text."""

    def parse_or_none(text: str) -> T | None:
        return parse(text) if text else None

    return parse_or_none


def yes_or_no(text: str) -> bool:
    """Return whether the text says true; only "true" and "false" are taken."""
    return one_of("true", "false")(text) == "true"


def path(text: str) -> Path:
    """Return the path of a file; whether it is there is another question."""
    if "\0" in text:
        raise ValueError("not a path")
    return Path(text)


def secret(text: str) -> str:
    """Return a secret that fits into a header."""
    if not text.isprintable() or not text.isascii():
        raise ValueError("more than one line, or other characters than ASCII")
    return text


def secret_key(text: str) -> str:
    """Return a secret that nobody guesses."""
    if len(secret(text)) < SECRET_KEY_LENGTH:
        raise ValueError(f"shorter than {SECRET_KEY_LENGTH} characters")
    return text


def user_name(text: str) -> str:
    """Return a user name for basic authentication, which a colon ends."""
    if ":" in text or not text.isprintable():
        raise ValueError("a colon or a control character in it")
    return text


def headers(text: str) -> tuple[tuple[str, str], ...]:
    """Return the headers of a text: one per line, or separated by semicolons."""
    found = []
    for item in text.splitlines() if "\n" in text.strip() else text.split(";"):
        if not item.strip():
            continue
        name, colon, value = (part.strip() for part in item.partition(":"))
        if not colon or not _TOKEN.fullmatch(name):
            raise ValueError("not of the form NAME: VALUE")
        if name.lower() in _OWN_HEADERS:
            raise ValueError(f"{name} is for meshviz to set")
        if not value.isprintable() or not value.isascii():
            raise ValueError(f"the value of {name} has characters that no header may have")
        found.append((name, value))
    if len({name.lower() for name, _ in found}) != len(found):
        raise ValueError("the same header twice")
    return tuple(found)


def url_parameters(text: str) -> tuple[tuple[str, str], ...]:
    """Return the parameters of a text as in an address; a name may come more than once."""
    if not text:
        return ()
    try:
        found = tuple(parse_qsl(text, keep_blank_values=True, strict_parsing=True))
    except ValueError:
        raise ValueError("not of the form name=value&name=value") from None
    for name, _ in found:
        if name in _OWN_PARAMETERS:
            raise ValueError(f"{name} is for meshviz to set")
    return found


def name_pattern(text: str) -> str:
    """Return a shell pattern for names, which may begin with a namespace and a slash."""
    if not _PATTERN.fullmatch(text):
        raise ValueError("not a pattern [namespace/]name; * stands for any text")
    return text


def renamed_metrics(text: str) -> Mapping[str, Metric]:
    """Return what Istio's metrics are called here."""
    return parse_metrics(text) if text else {}


def renamed_labels(text: str) -> Mapping[str, str]:
    """Return what Istio's labels are called here."""
    return parse_labels(text) if text else {}


def source_url(text: str) -> str:
    """Return an http(s) address without its trailing slash, or "recording:" and a path."""
    if text.startswith(RECORDING):
        if text == RECORDING:
            raise ValueError("no file named")
        return text
    return base_url(text)


def base_url(text: str) -> str:
    """Return an http(s) address without its trailing slash."""
    parts = _split(text)
    if parts.query or parts.fragment:
        raise ValueError("a query or a fragment; give the base address only")
    return text.rstrip("/")


def origin(text: str) -> str:
    """Return a web origin in lower case: scheme, host and port, nothing behind."""
    parts = _split(text)
    if parts.path or parts.query or parts.fragment:
        raise ValueError("something behind host and port")
    return text.lower()


def host(text: str) -> str:
    """Return a host name or address in lower case, without a port."""
    name = text.lower()
    if name == "*" or name.startswith("."):
        raise ValueError("a wildcard would let any web page reach the API by DNS rebinding")
    if not _HOST.fullmatch(name) and not _IPV6.fullmatch(name):
        raise ValueError("not a host name (no scheme, no port)")
    return name


def issuer(text: str) -> str:
    """Return the address of an OpenID Connect provider, to whom secrets are sent."""
    address = base_url(text)
    parts = urlsplit(address)
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise ValueError("http:// would send secrets in the clear")
    return address


def is_loopback(name: str) -> bool:
    """Tell whether a host name or address is this machine's own, which no other can reach."""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def network(text: str) -> IPv4Network | IPv6Network:
    """Return an address or a network; bits behind the prefix are a mistake."""
    try:
        return ip_network(text)
    except ValueError:
        raise ValueError("not an address or a network such as 10.8.0.0/16") from None


def header_name(text: str) -> str:
    """Return the name of a header in lower case, as servers hand it on."""
    if not _TOKEN.fullmatch(text):
        raise ValueError("not the name of a header")
    if "_" in text:
        raise ValueError("an underscore, by which servers take one header for another")
    return text.lower()


def word(text: str) -> str:
    """Return a word of printable ASCII."""
    if not _WORD.fullmatch(text):
        raise ValueError("not one word of ASCII letters, digits and signs")
    return text


def bind_address(text: str) -> str:
    """Return an address to listen on. IPv6 is written without brackets."""
    name = text.lower()
    if not _HOST.fullmatch(name) and not _IPV6.fullmatch(f"[{name}]"):
        raise ValueError("not an address or host name")
    return name


def host_and_port(text: str) -> tuple[str, int]:
    """Return an address to listen on and a port; IPv6 is written in brackets."""
    name, colon, number = text.rpartition(":")
    if not colon:
        raise ValueError("no port behind a colon")
    if ":" in name and not (name.startswith("[") and name.endswith("]")):
        raise ValueError("an IPv6 address without brackets")
    return bind_address(name.strip("[]")), whole_between(0, 65535)(number)


def _split(text: str) -> SplitResult:
    if any(character.isspace() for character in text):
        raise ValueError("a space in the address")
    try:
        parts = urlsplit(text)
        name, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError("not an address (bad port or brackets)") from error
    if parts.scheme not in ("http", "https"):
        raise ValueError("does not start with http:// or https://")
    if parts.username is not None or parts.password is not None:
        raise ValueError("a user name or password in the address, which would end up in logs")
    if not name:
        raise ValueError("no host in the address")
    return parts
