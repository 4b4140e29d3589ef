"""The schemas of Kubernetes' own kinds, of many versions, from the package kubernetes-validate."""

import functools
import json
from pathlib import Path
from typing import Any

import kubernetes_validate
from jsonschema import Draft202012Validator
from kubernetes_validate import utils
from referencing import Registry, Resource

_FOLDER = Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema"
_SHARED = "/api/_definitions.json#"

# Every version that the chart says it is for, as far as there are schemas.
VERSIONS = tuple(
    dict.fromkeys(".".join(version.split(".")[:2]) for version in utils.all_versions())
)
# The oldest, one in the middle and the newest, where every version would take too long.
THREE = (VERSIONS[0], VERSIONS[len(VERSIONS) // 2], VERSIONS[-1])


def check(found: dict[str, Any], version: str) -> None:
    """Raise jsonschema's ValidationError when an object is not what this Kubernetes takes.

    As kubernetes-validate does it, which reads two megabytes of schemas anew for every object.
    """
    _validator(version, name_of(found)).validate(found)


def name_of(found: dict[str, Any]) -> str:
    """Return what the schema of an object is called: deployment-apps-v1."""
    group, _, version = found["apiVersion"].rpartition("/")
    parts = [found["kind"].lower(), group.partition(".")[0], version]
    return "-".join(part for part in parts if part)


@functools.cache
def _validator(version: str, name: str) -> Draft202012Validator:
    schema = json.loads((_folder(version) / f"{name}.json").read_text())
    return Draft202012Validator(schema, registry=_shared(version))


@functools.cache
def _shared(version: str) -> Registry[Any]:
    text = (_folder(version) / "_definitions.json").read_text()
    return Resource.from_contents(json.loads(text)) @ Registry()


def _folder(version: str) -> Path:
    return _FOLDER / f"v{version}.0-local-strict"


def write_standalone(version: str, folder: Path, kinds: list[str]) -> str:
    """Write schemas that need no other file; return the place as kubeconform wants it.

    Kinds are given as `name_of` writes them.
    """
    source = _folder(version)
    shared = json.loads((source / "_definitions.json").read_text().replace(_SHARED, "#"))["$defs"]
    for kind in kinds:
        schema = json.loads((source / f"{kind}.json").read_text().replace(_SHARED, "#"))
        schema.pop("$id", None)
        (folder / f"{kind}.json").write_text(json.dumps({**schema, "$defs": shared}))
    return str(folder / "{{ .ResourceKind }}{{ .KindSuffix }}.json")
