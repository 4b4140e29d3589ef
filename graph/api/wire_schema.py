"""JSON Schema of the wire format, made from the TypedDicts in `graph.core.wire`.

The OpenAPI document and the browser's TypeScript types both come from here, so neither can say
anything that the server does not.
"""

import json
from typing import Any

from drf_spectacular.utils import OpenApiRequest, OpenApiResponse
from pydantic import TypeAdapter

from graph.api import answers
from graph.core import wire

# The names that are not TypedDicts themselves but unions of them, or answers of their own.
ROOTS: dict[str, Any] = {
    "ServerMessage": wire.ServerMessage,
    "ClientMessage": wire.ClientMessage,
    "Queries": wire.Queries,
    "History": wire.History,
    "Distribution": wire.Distribution,
    "MeshvizStatus": wire.MeshvizStatus,
    "Diagnosis": wire.Diagnosis,
    "Me": wire.Me,
    "SavedViews": wire.SavedViews,
    "SavedViewWhole": wire.SavedViewWhole,
    "SavedViewDraft": wire.SavedViewDraft,
}


def definitions(ref_template: str, roots: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return every named type reachable from ``roots``, keyed by name."""
    roots = ROOTS if roots is None else roots
    schemas, common = TypeAdapter.json_schemas(
        [(name, "serialization", TypeAdapter(root)) for name, root in roots.items()],
        ref_template=ref_template,
    )
    named: dict[str, Any] = dict(common["$defs"])
    for (name, _), schema in schemas.items():
        named.setdefault(name, schema)
    return {name: _strict(named[name]) for name in sorted(named)}


def document() -> str:
    """Return the JSON Schema file as text, ready to write."""
    named = definitions("#/$defs/{model}")
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Wire",
        "description": "Written by `python manage.py wire` from graph/core/wire.py. Do not edit.",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: {"$ref": f"#/$defs/{name}"} for name in ROOTS},
        "$defs": named,
    }
    return json.dumps(schema, indent=2) + "\n"


def refer(name: str, description: str) -> OpenApiResponse:
    """Return an OpenAPI answer whose body is the named type."""
    return OpenApiResponse({"$ref": f"#/components/schemas/{name}"}, description=description)


def body(name: str) -> OpenApiRequest:
    """Return an OpenAPI request whose body is the named type."""
    return OpenApiRequest({"$ref": f"#/components/schemas/{name}"})


def add_components(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Put the wire's types into the OpenAPI document (a drf-spectacular hook)."""
    roots = {
        "Snapshot": wire.Snapshot,
        "Queries": wire.Queries,
        "History": wire.History,
        "Distribution": wire.Distribution,
        "MeshvizStatus": wire.MeshvizStatus,
        "Diagnosis": wire.Diagnosis,
        "Me": wire.Me,
        "SavedViews": wire.SavedViews,
        "SavedViewWhole": wire.SavedViewWhole,
        "SavedViewDraft": wire.SavedViewDraft,
        "ErrorAnswer": answers.ErrorAnswer,
        "UnansweredAnswer": answers.UnansweredAnswer,
    }
    schemas = definitions("#/components/schemas/{model}", roots)
    result.setdefault("components", {})["schemas"] = schemas
    for operations in result.get("paths", {}).values():
        for operation in operations.values():
            _add_what_all_may_answer(operation["responses"])
    schemes = result["components"].get("securitySchemes")
    if schemes:
        # Any of them will do, for every operation: the gate is in front of all.
        result["security"] = [{name: []} for name in schemes]
        for operations in result["paths"].values():
            for operation in operations.values():
                operation.pop("security", None)
    return result


# What is said before an operation sees a request (`meshviz.guard`, `meshviz.signin.gate`).
_ANYWHERE = {
    "401": "Nobody is signed in.",
    "413": "The body is too large.",
    "503": "Too many requests at a time, or a database or Prometheus that does not answer.",
}


def _add_what_all_may_answer(responses: dict[str, Any]) -> None:
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorAnswer"}}}
    for status, description in _ANYWHERE.items():
        responses.setdefault(status, {"description": description, "content": error})


def _strict(schema: Any) -> Any:
    """Return ``schema`` without generated titles and closed to unknown properties.

    Titles would make the TypeScript generator name every single property's type.
    """
    if isinstance(schema, list):
        return [_strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    strict = {
        key: _strict_properties(value) if key == "properties" else _strict(value)
        for key, value in schema.items()
        if not (key == "title" and isinstance(value, str))
    }
    if "properties" in schema:
        strict["additionalProperties"] = False
    return strict


def _strict_properties(properties: dict[str, Any]) -> dict[str, Any]:
    return {name: _strict(schema) for name, schema in properties.items()}
