"""Istio's eras: what the metrics are called and which labels they have, by the proxy's version.

Up to 1.4 the proxies told Mixer, which counted for all of them; from 1.5 on each proxy counts for
itself, first in a Wasm filter, since 1.17 in native code.
"""

from dataclasses import dataclass
from typing import Literal

Style = Literal["mixer-0", "mixer-1", "wasm", "native"]


@dataclass(frozen=True, slots=True)
class Names:
    """The metrics' names; None for what the era does not count."""

    requests: str
    duration: str
    request_bytes: str
    response_bytes: str
    sent: str
    received: str
    opened: str | None = "istio_tcp_connections_opened_total"
    closed: str | None = "istio_tcp_connections_closed_total"
    asked: str | None = None
    answered: str | None = None


@dataclass(frozen=True, slots=True)
class Era:
    """One version of Istio, as far as its telemetry differs from the others'."""

    name: str
    # As istio_build tells it.
    tag: str
    style: Style
    names: Names
    # Names of clusters: always, or only in a mesh that spans several.
    clusters_always: bool = True
    # Mixer 1.1 brought flags and the permissive_* labels.
    flags: bool = True
    # Mixer 0.8 brought connection_mtls.
    mtls: bool = True

    @property
    def mixer(self) -> bool:
        """True when proxies do not count themselves."""
        return self.style in ("mixer-0", "mixer-1")


_FIRST = Names(
    requests="istio_request_count",
    duration="istio_request_duration",
    request_bytes="istio_request_size",
    response_bytes="istio_response_size",
    sent="istio_tcp_bytes_sent",
    received="istio_tcp_bytes_received",
    opened=None,
    closed=None,
)
_SECONDS = Names(
    requests="istio_requests_total",
    duration="istio_request_duration_seconds",
    request_bytes="istio_request_bytes",
    response_bytes="istio_response_bytes",
    sent="istio_tcp_sent_bytes_total",
    received="istio_tcp_received_bytes_total",
)
_UNCONNECTED = Names(
    requests=_SECONDS.requests,
    duration=_SECONDS.duration,
    request_bytes=_SECONDS.request_bytes,
    response_bytes=_SECONDS.response_bytes,
    sent=_SECONDS.sent,
    received=_SECONDS.received,
    opened=None,
    closed=None,
)
_UNMESSAGED = Names(
    requests=_SECONDS.requests,
    duration="istio_request_duration_milliseconds",
    request_bytes=_SECONDS.request_bytes,
    response_bytes=_SECONDS.response_bytes,
    sent=_SECONDS.sent,
    received=_SECONDS.received,
)
_TODAY = Names(
    requests=_SECONDS.requests,
    duration=_UNMESSAGED.duration,
    request_bytes=_SECONDS.request_bytes,
    response_bytes=_SECONDS.response_bytes,
    sent=_SECONDS.sent,
    received=_SECONDS.received,
    asked="istio_request_messages_total",
    answered="istio_response_messages_total",
)

ERAS: dict[str, Era] = {
    era.name: era
    for era in (
        Era("0.5", "0.5.1", "mixer-0", _FIRST, flags=False, mtls=False),
        Era("0.8", "0.8.0", "mixer-0", _FIRST, flags=False),
        Era("1.0", "1.0.9", "mixer-1", _UNCONNECTED, flags=False),
        Era("1.4", "1.4.10", "mixer-1", _SECONDS),
        Era("1.5", "1.5.10", "wasm", _UNMESSAGED, clusters_always=False),
        Era("1.10", "1.10.6", "wasm", _TODAY),
        Era("1.17", "1.17.8", "native", _TODAY),
        Era("1.24", "1.24.2", "native", _TODAY),
        Era("1.30", "1.30.0", "native", _TODAY),
    )
}
TODAY = ERAS["1.24"]

# Mixer's own bounds of bytes; its bounds of durations are among Envoy's.
MIXER_BYTES = (1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8)
MIXER_MS = (5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1000.0, 2500.0, 5000.0, 10000.0)
