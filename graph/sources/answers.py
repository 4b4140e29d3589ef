"""Prometheus' answers as samples: vectors, and native histograms as the buckets of classic ones."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import msgspec

from graph.core.samples import Sample
from graph.sources.base import Garbled
from graph.sources.body import Body
from graph.sources.labelsets import LabelSets

_SHOWN = 300

T = TypeVar("T")


class _Row(msgspec.Struct, gc=False):
    """One series: its labels as JSON text, and what it is at the moment of the question."""

    metric: msgspec.Raw
    value: tuple[Any, str] | None = None
    histogram: tuple[Any, dict[str, Any]] | None = None


class _Data(msgspec.Struct, gc=False):
    kind: str = msgspec.field(name="resultType")
    result: msgspec.Raw


_DATA = msgspec.json.Decoder(_Data)
_ROWS = msgspec.json.Decoder(list[_Row])
_SCALAR = msgspec.json.Decoder(tuple[Any, str])

label_sets = LabelSets()


def vector(body: Body) -> list[Sample]:
    """Return the samples of an instant vector; native histograms in it are left out.

    Their labels are shared with other answers and not to be changed. Raises Garbled when it is
    none.
    """
    return _samples(body, label_sets.of)


def buckets(body: Body) -> list[Sample]:
    """Return the buckets of classic histograms, as `vector` does; labels may be `Bucket`."""
    return _samples(body, label_sets.bucket)


def _samples(body: Body, labels_of: Callable[[bytes], Mapping[str, str]]) -> list[Sample]:
    return read(
        lambda: [
            Sample(labels_of(bytes(row.metric)), float(row.value[1]))
            for row in _rows(body)
            if row.value is not None
        ]
    )


def is_empty(body: Body) -> bool:
    """Tell whether an instant vector has no series. Raises Garbled when it is none."""
    return not read(lambda: _rows(body))


def histograms(body: Body) -> list[Sample]:
    """Return the native histograms of an instant vector as cumulative buckets by ``le``."""
    return read(
        lambda: [
            sample
            for row in _rows(body)
            if row.histogram is not None
            for sample in cumulative(label_sets.of(bytes(row.metric)), row.histogram[1])
        ]
    )


def samples(body: Body) -> list[Sample]:
    """Return the samples of any instant answer; a scalar is one sample without labels.

    Raises Garbled when there are none to have.
    """
    data = read(lambda: _DATA.decode(body.data))
    if data.kind == "scalar":
        return read(lambda: [Sample({}, float(_SCALAR.decode(data.result)[1]))])
    return vector(body)


def warnings(body: Body) -> Iterable[str]:
    """Return what Prometheus, or Thanos before it, warns of. Infos are hints for authors."""
    return (str(text)[:_SHOWN] for text in body.warnings or ())


def _rows(body: Body) -> list[_Row]:
    data = _DATA.decode(body.data)
    if data.kind != "vector":
        raise Garbled(
            f"Prometheus answered a {data.kind} where a vector was asked for.",
            "Is something in between rewriting queries?",
        )
    rows = _ROWS.decode(data.result)
    if any(row.value is None and row.histogram is None for row in rows):
        raise _misshapen()
    return rows


def cumulative(labels: Mapping[str, str], histogram: Mapping[str, Any]) -> Iterable[Sample]:
    """Yield one sample per bound of a native histogram, which tells only what holds something."""
    so_far = 0.0
    for _, _, upper, count in sorted(histogram.get("buckets", ()), key=lambda row: float(row[2])):
        so_far += float(count)
        if upper != "+Inf":
            yield Sample({**labels, "le": str(upper)}, so_far)
    yield Sample({**labels, "le": "+Inf"}, float(histogram["count"]))


def read(read: Callable[[], T]) -> T:
    """Return what is read; whatever is not as the API describes it is garbled."""
    try:
        return read()
    except (msgspec.DecodeError, KeyError, TypeError, ValueError, IndexError):
        raise _misshapen() from None


def _misshapen() -> Garbled:
    return Garbled(
        "Prometheus' answer has the wrong shape.",
        "A proxy may be in between, or the server speaks another version of the API.",
    )
