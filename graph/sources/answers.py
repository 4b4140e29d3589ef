"""Prometheus' answers as samples: vectors, and native histograms as the buckets of classic ones."""

from collections.abc import Iterable, Mapping
from typing import Any

from graph.core.samples import Sample
from graph.sources.base import Garbled

_SHOWN = 300


def vector(body: Mapping[str, Any]) -> list[Sample]:
    """Return the samples of an instant vector; native histograms in it are left out.

    Raises Garbled when it is none.
    """
    try:
        return [
            Sample(row["metric"], float(row["value"][1]))
            for row in _rows(body)
            if "histogram" not in row
        ]
    except (KeyError, TypeError, ValueError, IndexError):
        raise _misshapen() from None


def is_empty(body: Mapping[str, Any]) -> bool:
    """Tell whether an instant vector has no series. Raises Garbled when it is none."""
    try:
        return not _rows(body)
    except (KeyError, TypeError):
        raise _misshapen() from None


def histograms(body: Mapping[str, Any]) -> list[Sample]:
    """Return the native histograms of an instant vector as cumulative buckets by ``le``."""
    try:
        return [
            sample
            for row in _rows(body)
            if "histogram" in row
            for sample in _cumulative(row["metric"], row["histogram"][1])
        ]
    except (KeyError, TypeError, ValueError, IndexError):
        raise _misshapen() from None


def warnings(body: Mapping[str, Any]) -> Iterable[str]:
    """Return what Prometheus, or Thanos before it, warns of. Infos are hints for authors."""
    return (str(text)[:_SHOWN] for text in body.get("warnings") or ())


def _rows(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    data = body["data"]
    if data["resultType"] != "vector":
        raise Garbled(
            f"Prometheus answered a {data['resultType']} where a vector was asked for.",
            "Is something in between rewriting queries?",
        )
    rows: list[dict[str, Any]] = data["result"]
    return rows


def _cumulative(labels: Mapping[str, str], histogram: Mapping[str, Any]) -> Iterable[Sample]:
    """Yield one sample per bound. Prometheus tells only buckets that hold something."""
    so_far = 0.0
    for _, _, upper, count in sorted(histogram.get("buckets", ()), key=lambda row: float(row[2])):
        so_far += float(count)
        if upper != "+Inf":
            yield Sample({**labels, "le": str(upper)}, so_far)
    yield Sample({**labels, "le": "+Inf"}, float(histogram["count"]))


def _misshapen() -> Garbled:
    return Garbled(
        "Prometheus' answer has the wrong shape.",
        "A proxy may be in between, or the server speaks another version of the API.",
    )


def samples(body: Mapping[str, Any]) -> list[Sample]:
    """Return the samples of any instant answer; a scalar is one sample without labels.

    Raises Garbled when there are none to have.
    """
    try:
        if body["data"]["resultType"] == "scalar":
            return [Sample({}, float(body["data"]["result"][1]))]
    except (KeyError, TypeError, ValueError, IndexError):
        raise _misshapen() from None
    return vector(body)
