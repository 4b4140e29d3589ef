"""How much of a request's body is taken: what is more would fill the disk before anybody looks."""

from typing import Any

from graph.live.replies import header_values

# The largest that anything takes is a saved view (`graph.api.drafts`), which says so in its words.
MOST = 512 * 1024


class TooLarge(Exception):
    """A body is larger than anything takes."""


def is_too_large(scope: Any) -> bool:
    """Return whether a request says so itself."""
    lengths = header_values(scope, b"content-length")
    return any(
        not length.isdecimal() or len(length) > 15 or int(length) > MOST for length in lengths
    )


def capped(receive: Any) -> Any:
    """Return ``receive`` that raises TooLarge instead of handing on too much."""
    taken = 0

    async def receive_capped() -> Any:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MOST:
            raise TooLarge
        return message

    return receive_capped
