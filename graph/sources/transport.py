"""HTTP to Prometheus with bounds that hold: a deadline, a byte cap, no redirects, no environment.

`requests` has no such bounds by itself: its timeouts count from the last byte, so a server that
drips one byte at a time is never given up, and a small compressed body may inflate without end.
"""

import time
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

import orjson
import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, InsecureRequestWarning

from graph.sources.access import OPEN, Access, Credentials
from graph.sources.base import Denied, Garbled, Rejected, TooSlow, Unavailable
from graph.sources.body import Body, opened

_BYTES_MAX = 256 * 1024 * 1024
_CHUNK = 256 * 1024
# Whoever stands in between may compress nevertheless. Label sets shrink to a twentieth; what grows
# by more than this is made to fill memory.
_INFLATES_MAX = 200
_CONNECT_TIMEOUT_S = 3.0
# Not now: too many requests (Mimir's limits), and queries that somebody in between cancelled.
_PASSING = frozenset({429, 499})
# What an ordinary web server says to a POST.
_UNKNOWN_METHOD = frozenset({405, 501})
_SHOWN = 200  # characters of a foreign text that an error may quote


class Transport:
    """A pooled session to one base URL. Safe to use from several threads."""

    def __init__(
        self, base_url: str, *, timeout_s: float, connections: int, access: Access = OPEN
    ) -> None:
        self._base = base_url.rstrip("/")
        self._timeout_s = timeout_s
        self._credentials = Credentials(access)
        self._shows = access.shows
        self._parameters = access.parameters
        self._form_method = "POST"
        # Who answers, where the server says so in its headers.
        self.vendor: str | None = None
        self._session = requests.Session()
        # Proxies and .netrc of whoever starts meshviz must not decide where tokens go.
        self._session.trust_env = False
        # Prometheus compresses tens of MB slower than a cluster's network carries them.
        self._session.headers["Accept-Encoding"] = "identity"
        adapter = HTTPAdapter(pool_connections=1, pool_maxsize=connections)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)
        self._session.verify = access.verification
        self._session.cert = access.certificate
        if not access.verify:
            # Said once where people look, instead of once per query in the log.
            urllib3.disable_warnings(InsecureRequestWarning)

    @property
    def shown_url(self) -> str:
        """The base URL as it may be shown to people."""
        parts = urlsplit(self._base)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()

    def call(self, path: str, form: Mapping[str, str] | None = None) -> Body:
        """Return the JSON object that ``path`` answers; POST when there is a form.

        Raises Unavailable, TooSlow, Rejected, Denied or Garbled.
        """
        if form is None:
            return self._judge(*self._exchange("GET", path, None))
        answer = self._exchange(self._form_method, path, form)
        if answer[0].status_code == HTTPStatus.METHOD_NOT_ALLOWED and self._form_method == "POST":
            # Some gateways only let reading methods through.
            answer = self._exchange("GET", path, form)
            if answer[0].ok:
                self._form_method = "GET"
        return self._judge(*answer)

    def _exchange(
        self, method: str, path: str, form: Mapping[str, str] | None
    ) -> tuple[requests.Response, bytes]:
        deadline = time.monotonic() + self._timeout_s
        in_address = [*self._parameters, *(form.items() if form and method == "GET" else ())]
        try:
            with self._session.request(
                method,
                self._base + path,
                params=in_address or None,
                data=form if method == "POST" else None,
                headers=self._credentials.headers(),
                stream=True,
                allow_redirects=False,
                timeout=(min(_CONNECT_TIMEOUT_S, self._timeout_s), self._timeout_s),
            ) as response:
                body = self._read(response, deadline)
        except requests.Timeout:
            raise self._too_slow() from None
        except (requests.RequestException, HTTPError, OSError) as error:
            raise self._unreachable(error) from None
        if "X-Server-Hostname" in response.headers:
            self.vendor = "VictoriaMetrics"
        return response, body

    def close(self) -> None:
        """Close the pooled connections."""
        self._session.close()

    def _read(self, response: requests.Response, deadline: float) -> bytes:
        chunks: list[bytes] = []
        size = 0
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            chunks.append(chunk)
            size += len(chunk)
            if size > _BYTES_MAX:
                raise Garbled(
                    f"Prometheus at {self.shown_url} sent more than {_BYTES_MAX >> 20} MiB.",
                    "Is this really a Prometheus? If so, the mesh needs recording rules.",
                )
            if size > _INFLATES_MAX * max(response.raw.tell(), _CHUNK // _INFLATES_MAX):
                raise Garbled(
                    f"Prometheus at {self.shown_url} sent little that unpacks to very much.",
                    "Look at what stands in between, and why it compresses.",
                )
            if time.monotonic() > deadline:
                raise self._too_slow()
        return b"".join(chunks)

    def _too_slow(self) -> TooSlow:
        return TooSlow(
            f"Prometheus at {self.shown_url} did not answer within {self._timeout_s:g} s.",
            "Raise MESHVIZ_QUERY_TIMEOUT, or give Prometheus more CPU.",
        )

    def _unreachable(self, error: Exception) -> Unavailable:
        cause = _cause(error)
        return Unavailable(
            f"Prometheus at {self.shown_url} cannot be reached: {cause}.",
            _REMEDIES.get(cause, "Check that it runs and that MESHVIZ_PROMETHEUS_URL is right."),
        )

    def _judge(self, response: requests.Response, body: bytes) -> Body:
        """Return the answer's JSON object, or raise what its status and body amount to."""
        status = response.status_code
        where = f"Prometheus at {self.shown_url}"
        if 300 <= status < 400:
            raise Rejected(
                f"{where} redirects (HTTP {status}); meshviz does not follow redirects.",
                "Set MESHVIZ_PROMETHEUS_URL to the final address, with its path prefix.",
            )
        answer = opened(body)
        said = _said(answer)
        if answer and answer.error_type == "timeout":
            raise TooSlow(
                f"{where} gave a query up (HTTP {status}){said}.",
                "Give Prometheus more CPU, or raise its --query.timeout.",
            )
        if status in _UNKNOWN_METHOD and answer is None:
            raise Rejected(
                f"{where} does not know how to be queried (HTTP {status}).",
                "Is this a Prometheus? Check MESHVIZ_PROMETHEUS_URL, and what stands in between.",
            )
        if status >= 500 or status in _PASSING:
            raise Unavailable(
                f"{where} answered HTTP {status}{said}.",
                "Look at Prometheus' own log.",
            )
        if status in (401, 403):
            raise self._denied(status, said)
        if status == 404:
            raise Rejected(
                f"{where} has no query API (HTTP 404).",
                "A path prefix may be missing, such as /prometheus, in MESHVIZ_PROMETHEUS_URL.",
            )
        if status >= 400 or (answer and answer.status == "error"):
            raise Rejected(
                f"{where} refused a query (HTTP {status}){said}.",
                "Its limits (--query.max-samples, --query.timeout) may be too low for this mesh.",
            )
        if answer is None or answer.status != "success":
            raise Garbled(
                f"{where} did not answer like a Prometheus: {_head(response, body)}.",
                "A proxy or login page may be in between, or the URL leads somewhere else.",
            )
        return answer

    def _denied(self, status: int, said: str) -> Denied:
        where = f"Prometheus at {self.shown_url}"
        if not self._shows:
            return Denied(
                f"{where} refused access (HTTP {status}){said}.",
                "It wants credentials (MESHVIZ_PROMETHEUS_TOKEN_FILE, MESHVIZ_PROMETHEUS_USER), or "
                "a network policy or gateway stands in between.",
            )
        shown = " and ".join(f"{what} ({setting})" for what, setting in self._shows)
        return Denied(
            f"{where} refused access (HTTP {status}) although it was shown {shown}{said}.",
            "Check that this is still valid and meant for this Prometheus."
            if status == HTTPStatus.UNAUTHORIZED
            else "Whoever this belongs to may not ask: give them the right to query.",
        )


def _is_json(body: bytes) -> bool:
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError:
        return False
    return True


def _said(answer: Body | None) -> str:
    """Return what Prometheus said of its error, as the rest of a sentence."""
    text = str(answer.error or "") if answer else ""
    return f": {_clean(text)}" if text else ""


def _head(response: requests.Response, body: bytes) -> str:
    kind = response.headers.get("Content-Type", "no content type")
    if _is_json(body):
        return f"{len(body)} bytes of JSON that say something else"
    if "json" in kind:
        return f"{len(body)} bytes of broken JSON"
    return f"{len(body)} bytes of {_clean(kind)}"


def _clean(text: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in text[: _SHOWN + 1]).strip(" .")
    return printable if len(text) <= _SHOWN else printable[:_SHOWN] + "…"


_UNTRUSTED = "its TLS certificate is not trusted"
_OTHER_NAME = "its TLS certificate is for another name"
_NO_CERTIFICATE = "it wants to be shown a certificate"
# What to do, where it is something else than to look whether it runs.
_REMEDIES: Mapping[str, str] = {
    _UNTRUSTED: "Name the certificates to trust in MESHVIZ_PROMETHEUS_CA_FILE. "
    "MESHVIZ_PROMETHEUS_VERIFY=false trusts anybody, which is for trying things out.",
    _OTHER_NAME: "Use the name in the certificate in MESHVIZ_PROMETHEUS_URL.",
    _NO_CERTIFICATE: "Name it in MESHVIZ_PROMETHEUS_CERT_FILE and MESHVIZ_PROMETHEUS_KEY_FILE.",
}


def _cause(error: Exception) -> str:
    """Return the innermost reason in words, without addresses of Python objects."""
    text = str(error).lower()
    for sign, words in (
        ("refused", "connection refused"),
        ("name or service not known", "its host name does not resolve"),
        ("nodename nor servname", "its host name does not resolve"),
        ("failed to resolve", "its host name does not resolve"),
        ("no route", "no route to the host"),
        ("certificate required", _NO_CERTIFICATE),
        ("has expired", "its TLS certificate has expired"),
        ("doesn't match", _OTHER_NAME),
        ("not valid for", _OTHER_NAME),
        ("mismatch", _OTHER_NAME),
        ("certificate", _UNTRUSTED),
        ("ssl", "TLS failed"),
        ("reset", "connection reset"),
        ("incompleteread", "the answer was cut off"),
        ("remote end closed", "it closed the connection"),
    ):
        if sign in text:
            return words
    return type(error).__name__
