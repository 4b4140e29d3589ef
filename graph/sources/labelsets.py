"""The label sets of answers, each parsed once: the same come with every question and tick.

They are known by their JSON text, which is quicker to look up than to parse. Two generations, as in
`graph.core.rows`: what is not met again while the younger one fills is forgotten.
"""

import sys

import msgspec

from graph.core.samples import Bucket, Labels

# Label sets in one generation. Each takes a kilobyte or less; with more than this in use, some are
# parsed anew at every tick.
_KEPT = 400_000
# Where a bucket's text differs from those of the other buckets of its histogram.
_BOUND = b'"le":"'

_PARSER = msgspec.json.Decoder(dict[str, str])


class LabelSets:
    """Parses label sets, and returns the same object whenever the same text comes."""

    def __init__(self, most: int = _KEPT) -> None:
        self._most = most
        self._young: dict[bytes, Labels] = {}
        self._old: dict[bytes, Labels] = {}
        self._bounds: dict[bytes, str] = {}

    def __len__(self) -> int:
        """Return how many label sets are remembered."""
        return len(self._young) + len(self._old)

    def of(self, text: bytes) -> Labels:
        """Return the labels that a JSON object is. Raises msgspec.DecodeError."""
        labels = self._young.get(text)
        return self._remember(text, text) if labels is None else labels

    def bucket(self, text: bytes) -> Bucket | Labels:
        """Return the labels of a bucket: its series', which all its buckets share, and its bound.

        Where the bound is not found in the text as Prometheus writes it, all of them in one.
        """
        head, found, rest = text.partition(_BOUND)
        written, _, tail = rest.partition(b'"')
        if not found or b"\\" in written:
            return self.of(text)
        # What is left is no JSON, and so no text of other labels.
        key = head + tail
        series = self._young.get(key)
        if series is None:
            series = self._remember(key, text)
        bound = self._bounds.get(written)
        if bound is None:
            bound = self._bound(written)
        return Bucket(series, bound)

    def _remember(self, key: bytes, text: bytes) -> Labels:
        labels = self._old.get(key)
        if labels is None:
            # The texts of a big mesh are few, but every answer brings copies of its own.
            found = _PARSER.decode(text)
            if key is not text:
                del found["le"]
            labels = Labels({sys.intern(name): sys.intern(value) for name, value in found.items()})
        if len(self._young) >= self._most:
            self._old, self._young, self._bounds = self._young, {}, {}
        self._young[key] = labels
        return labels

    def _bound(self, written: bytes) -> str:
        return self._bounds.setdefault(written, sys.intern(written.decode()))
