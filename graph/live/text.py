"""What goes over a websocket."""

from functools import cached_property

from websockets.frames import Frame, Opcode


class Text(str):
    """A message as JSON text. It is made once, and so is the websocket frame around it.

    A server's frames carry no mask, so that they are the same bytes for every viewer. Building
    one for each would put a copy of the message into memory for each: a hundred megabytes for
    two thousand viewers of 50 kB, at the moment when all of them are written to.
    """

    @cached_property
    def frame(self) -> bytes:
        """The message in its frame, as it goes over the wire."""
        return Frame(Opcode.TEXT, self.encode()).serialize(mask=False)
