"""Answers of Prometheus' API as the sources open them."""

from typing import Any

import orjson

from graph.sources.body import Body, opened


def body_of(answer: dict[str, Any]) -> Body:
    """Return the body that a server would have sent."""
    body = opened(orjson.dumps(answer))
    assert body is not None
    return body


def success(data: Any) -> Body:
    """Return the body of a good answer."""
    return body_of({"status": "success", "data": data})
