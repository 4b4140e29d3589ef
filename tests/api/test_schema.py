"""The OpenAPI document and the schema file say what the wire types say."""

import json
from pathlib import Path
from typing import Any, get_args, get_type_hints

import jsonschema
import pytest
from django.conf import settings
from django.test import Client
from pydantic import TypeAdapter
from typing_extensions import TypedDict, is_typeddict

from graph.api.wire_schema import ROOTS, definitions, document
from graph.core import wire

WIRE_TYPES = {name: kind for name, kind in vars(wire).items() if is_typeddict(kind)}


class Book(TypedDict):
    title: str


@pytest.fixture(scope="module")
def openapi() -> Any:
    answer = Client(HTTP_HOST="localhost").get("/api/schema")
    assert answer.status_code == 200
    return json.loads(answer.content)


def test_schema_file_is_up_to_date() -> None:
    path = Path(settings.BASE_DIR) / "frontend" / "src" / "wire" / "schema.json"

    assert path.read_text() == document(), "run `make wire`"


@pytest.mark.parametrize("name", WIRE_TYPES)
def test_schema_has_every_field_of_every_type(name: str) -> None:
    schema = definitions("#/$defs/{model}")[name]

    assert set(schema["properties"]) == set(get_type_hints(WIRE_TYPES[name]))
    assert set(schema.get("required", ())) == set(WIRE_TYPES[name].__required_keys__)
    assert schema["additionalProperties"] is False


def test_schema_is_one_that_validators_understand() -> None:
    schema = json.loads(document())

    jsonschema.Draft202012Validator.check_schema(schema)
    assert set(schema["properties"]) == set(ROOTS)


def test_field_named_title_would_survive() -> None:
    made = definitions("#/{model}", {"Book": Book})
    raw = TypeAdapter(Book).json_schema()

    assert "title" in raw
    assert set(made["Book"]["properties"]) == {"title"}
    assert "title" not in made["Book"]


def test_openapi_describes_every_address(openapi: Any) -> None:
    assert openapi["openapi"].startswith("3.1")
    addresses = {"graph", "status", "queries", "history", "distribution", "doctor"}
    addresses |= {"me", "saved-views", "saved-views/{number}"}
    assert set(openapi["paths"]) == {f"/api/v1/{name}" for name in addresses}
    names = {
        path: [parameter["name"] for parameter in methods["get"].get("parameters", [])]
        for path, methods in openapi["paths"].items()
    }
    view = {
        *("at", "collapse", "idle", "namespace", "operations"),
        *("perspective", "type", "waypoints", "window"),
    }
    assert set(names["/api/v1/graph"]) == view
    assert set(names["/api/v1/queries"]) == view | {"edge", "node"}
    of_charts = {"edge", "node", "in_namespace", "range", "end", "step", "fields", "by"}
    assert set(names["/api/v1/history"]) == view - {"at"} | of_charts
    assert set(names["/api/v1/distribution"]) == view | {"edge", "node"}
    assert names["/api/v1/status"] == []


def test_openapi_lists_the_graph_types(openapi: Any) -> None:
    parameters = openapi["paths"]["/api/v1/graph"]["get"]["parameters"]
    (kind,) = (parameter for parameter in parameters if parameter["name"] == "type")

    assert set(kind["schema"]["enum"]) == set(get_args(wire.GraphType))


def test_openapi_refers_to_nothing_that_is_missing(openapi: Any) -> None:
    text = json.dumps(openapi)
    schemas = openapi["components"]["schemas"]
    prefix = "#/components/schemas/"

    referred = {part.split('"')[0] for part in text.split(f'"$ref": "{prefix}')[1:]}

    assert referred <= set(schemas)
    assert {"Snapshot", "Queries", "MeshvizStatus", "ErrorAnswer"} <= referred


def test_openapi_components_are_the_wire_types(openapi: Any) -> None:
    expected = definitions("#/components/schemas/{model}", {"Snapshot": wire.Snapshot})

    for name, schema in expected.items():
        assert openapi["components"]["schemas"][name] == schema


def test_docs_page_loads_nothing_from_elsewhere() -> None:
    client = Client(HTTP_HOST="localhost")
    page = client.get("/api/docs").content.decode()

    assert "http://" not in page
    assert "https://" not in page
    for path in [part.split('"')[0] for part in page.split('"/static/')[1:]]:
        assert client.get(f"/static/{path}").status_code == 200
