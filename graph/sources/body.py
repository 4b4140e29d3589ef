"""The envelope of an API answer, opened no further than needed: what is inside may be large."""

from typing import Any

import msgspec

from graph.sources.base import Garbled

_NOTHING = msgspec.Raw(b"null")


class Body(msgspec.Struct, gc=False):
    """One answer of Prometheus' HTTP API; ``data`` is the JSON text of its content."""

    status: str = ""
    data: msgspec.Raw = _NOTHING
    warnings: list[Any] | None = None
    error: Any = None
    error_type: Any = msgspec.field(default=None, name="errorType")

    def content(self) -> Any:
        """Return the content as Python has it. Raises Garbled when there is none."""
        found = msgspec.json.decode(self.data)
        if found is None:
            raise Garbled("Prometheus' answer has no data.", "Is it a Prometheus?")
        return found


_ENVELOPE = msgspec.json.Decoder(Body)


def opened(text: bytes) -> Body | None:
    """Return the envelope that a text is, None when it is none."""
    try:
        return _ENVELOPE.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
