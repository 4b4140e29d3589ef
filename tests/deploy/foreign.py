"""The shapes of kinds that Kubernetes itself does not have, as far as the chart uses them.

Written after the definitions that Gateway API v1, the Prometheus operator v1 and Istio v1 publish:
a word that is not here is a mistake, or has to be added here with a look at those.
"""

from typing import Any

import jsonschema

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string", "minLength": 1}
_TEXTS: Schema = {"type": "array", "items": _TEXT, "minItems": 1}
_LABELS: Schema = {"type": "object", "additionalProperties": {"type": "string"}}
_PORT: Schema = {"type": "integer", "minimum": 1, "maximum": 65535}
_DURATION: Schema = {"type": "string", "pattern": r"^([0-9]{1,5}(h|m|s|ms)){1,4}$"}


def _object(required: dict[str, Schema], **optional: Schema) -> Schema:
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
        "additionalProperties": False,
    }


def _list(items: Schema, most: int = 64) -> Schema:
    return {"type": "array", "items": items, "minItems": 1, "maxItems": most}


_EXPRESSION = _object({"key": _TEXT, "operator": {"enum": ["In", "NotIn"]}, "values": _TEXTS})
_SELECTOR = _object({"matchLabels": _LABELS}, matchExpressions=_list(_EXPRESSION))
_ENDPOINT = _object({"port": _TEXT}, path=_TEXT, interval=_DURATION)
_PARENT = _object(
    {"name": _TEXT}, namespace=_TEXT, group=_TEXT, kind=_TEXT, sectionName=_TEXT, port=_PORT
)
_PATH = _object({"type": {"enum": ["Exact", "PathPrefix"]}, "value": _TEXT})
_ROUTE_RULE = _object(
    {"backendRefs": _list(_object({"name": _TEXT, "port": _PORT}), 16)},
    matches=_list(_object({"path": _PATH})),
    timeouts=_object({}, request=_DURATION, backendRequest=_DURATION),
)
_SOURCE = _object({}, namespaces=_TEXTS, principals=_TEXTS)
_RULE = _object(
    {"to": _list(_object({"operation": _object({"ports": _TEXTS})}))},
    **{"from": _list(_object({"source": _SOURCE}))},
)
_ALERT = _object(
    {"expr": {"type": ["string", "number"]}},
    alert=_TEXT,
    record=_TEXT,
    labels=_LABELS,
    annotations=_LABELS,
    **{"for": _DURATION, "keep_firing_for": _DURATION},
)
_GROUP = _object({"name": _TEXT, "rules": _list(_ALERT, 1000)}, interval=_DURATION)

_SPECS: dict[tuple[str, str], Schema] = {
    ("gateway.networking.k8s.io/v1", "HTTPRoute"): _object(
        {"parentRefs": _list(_PARENT, 32), "rules": _list(_ROUTE_RULE, 16)},
        hostnames=_list(_TEXT, 16),
    ),
    ("monitoring.coreos.com/v1", "ServiceMonitor"): _object(
        {"selector": _SELECTOR, "endpoints": _list(_ENDPOINT)}
    ),
    ("monitoring.coreos.com/v1", "PodMonitor"): _object(
        {"selector": _SELECTOR, "podMetricsEndpoints": _list(_ENDPOINT)}
    ),
    ("monitoring.coreos.com/v1", "PrometheusRule"): _object({"groups": _list(_GROUP)}),
    ("security.istio.io/v1", "AuthorizationPolicy"): _object(
        {"selector": _object({"matchLabels": _LABELS}), "rules": _list(_RULE)},
        action={"enum": ["ALLOW", "DENY"]},
    ),
}
GROUPS = {version.partition("/")[0] for version, _ in _SPECS}


def is_foreign(found: dict[str, Any]) -> bool:
    """Tell whether a cluster knows this object only where somebody has installed its kind."""
    return found["apiVersion"].partition("/")[0] in GROUPS


def check(found: dict[str, Any]) -> None:
    """Raise jsonschema's ValidationError when an object does not have the shape of its kind."""
    spec = _SPECS[found["apiVersion"], found["kind"]]
    metadata = _object({"name": _TEXT, "labels": _LABELS}, annotations=_LABELS)
    whole = _object({"apiVersion": _TEXT, "kind": _TEXT, "metadata": metadata, "spec": spec})
    jsonschema.validate(found, whole)
