"""What a Prometheus wants to see before it answers: credentials, certificates, headers.

Secrets stay in here and in the requests themselves: nothing of this is ever shown or logged.
"""

import base64
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from graph.sources.base import Rejected

NOT_VERIFIED = (
    "The certificate of Prometheus is not verified (MESHVIZ_PROMETHEUS_VERIFY=false): anybody "
    "in between can read its credentials and change its numbers."
)


@dataclass(frozen=True, slots=True)
class Access:
    """How to be let in. At most one of token, token file and user is given."""

    bearer_token: str | None = field(default=None, repr=False)
    bearer_token_file: Path | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    password_file: Path | None = None
    # Certificates to trust in place of the system's.
    ca_file: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None
    verify: bool = True
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    # Sent with every call, such as Thanos' dedup=true.
    parameters: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is risky about it."""
        return () if self.verify else (NOT_VERIFIED,)

    @property
    def shows(self) -> tuple[tuple[str, str], ...]:
        """What is shown of oneself, with the settings that it comes from. Names no secret."""
        authorized = any(name.lower() == "authorization" for name, _ in self.headers)
        shown = (
            (self.bearer_token, "a bearer token", "TOKEN"),
            (self.bearer_token_file, "a bearer token", "TOKEN_FILE"),
            (self.user, "a user and a password", "USER"),
            (authorized, "an Authorization header", "HEADERS"),
            (self.client_cert, "a certificate", "CERT_FILE"),
        )
        return tuple((what, f"MESHVIZ_PROMETHEUS_{name}") for is_so, what, name in shown if is_so)

    @property
    def verification(self) -> bool | str:
        """What `requests` wants to know of server certificates."""
        return str(self.ca_file) if self.verify and self.ca_file else self.verify

    @property
    def certificate(self) -> tuple[str, str] | str | None:
        """What `requests` wants to know of the client's certificate."""
        if self.client_cert is None:
            return None
        if self.client_key is None:
            return str(self.client_cert)  # one file holds both
        return str(self.client_cert), str(self.client_key)


OPEN = Access()


class Credentials:
    """The headers of a request. Secrets in files are read again when the file changes."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._token = _SecretFile.of(access.bearer_token_file, "MESHVIZ_PROMETHEUS_TOKEN_FILE")
        self._password = _SecretFile.of(access.password_file, "MESHVIZ_PROMETHEUS_PASSWORD_FILE")

    def headers(self) -> Mapping[str, str]:
        """Return the headers as of now. Raises Rejected when a secret cannot be read."""
        return {**dict(self._access.headers), **self._authorization()}

    def _authorization(self) -> dict[str, str]:
        access = self._access
        token = self._token.text() if self._token else access.bearer_token
        if token:
            return {"Authorization": f"Bearer {token}"}
        if access.user is None:
            return {}
        password = self._password.text() if self._password else access.password or ""
        pair = base64.b64encode(f"{access.user}:{password}".encode()).decode("ascii")
        return {"Authorization": f"Basic {pair}"}


class _SecretFile:
    """The text of a file, which Kubernetes and others replace while it is in use."""

    def __init__(self, path: Path, setting: str) -> None:
        self._path = path
        self._setting = setting
        self._lock = threading.Lock()
        self._mark: FileMark | None = None
        self._text = ""

    @classmethod
    def of(cls, path: Path | None, setting: str) -> "_SecretFile | None":
        return cls(path, setting) if path else None

    def text(self) -> str:
        """Return what the file says now. Raises Rejected when it says nothing."""
        try:
            with self._lock:
                mark = file_mark(self._path)
                if mark is None or mark != self._mark:
                    self._text = secret_text(self._path)
                    self._mark = mark
                return self._text
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise Rejected(
                f"The file in {self._setting} cannot be used: {reason}.",
                "Put it back, or point the setting to where it is now.",
            ) from None


FileMark = tuple[int, int, int]


def file_mark(path: Path) -> FileMark | None:
    """Return what is another one whenever the file is; None while there is none.

    A mounted Secret or ConfigMap is a link to another file then, and a replaced file is another
    inode even within the clock's resolution.
    """
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_ino, state.st_mtime_ns, state.st_size


def secret_text(path: Path) -> str:
    """Return the secret in a file, without the line end that editors add.

    Raises OSError, and ValueError when it holds none or more than one line.
    """
    text = path.read_text(encoding="utf-8").strip()
    if not text:
        raise ValueError("it is empty")
    if any(not character.isprintable() for character in text):
        raise ValueError("it holds more than one line of text")
    return text
