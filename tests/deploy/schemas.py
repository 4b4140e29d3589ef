"""The schemas of Kubernetes' own kinds, of many versions, from the package kubernetes-validate."""

import json
from pathlib import Path

import kubernetes_validate
from kubernetes_validate import utils

_FOLDER = Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema"
_SHARED = "/api/_definitions.json#"

# Every version that the chart says it is for, as far as there are schemas.
VERSIONS = tuple(
    dict.fromkeys(".".join(version.split(".")[:2]) for version in utils.all_versions())
)
# The oldest, one in the middle and the newest, where every version would take too long.
THREE = (VERSIONS[0], VERSIONS[len(VERSIONS) // 2], VERSIONS[-1])


def write_standalone(version: str, folder: Path, kinds: list[str]) -> str:
    """Write schemas that need no other file; return the place as kubeconform wants it.

    A kind is written as in KIND-GROUP-VERSION, in small letters: deployment-apps-v1.
    """
    source = _FOLDER / f"v{version}.0-local-strict"
    shared = json.loads((source / "_definitions.json").read_text().replace(_SHARED, "#"))["$defs"]
    for kind in kinds:
        schema = json.loads((source / f"{kind}.json").read_text().replace(_SHARED, "#"))
        schema.pop("$id", None)
        (folder / f"{kind}.json").write_text(json.dumps({**schema, "$defs": shared}))
    return str(folder / "{{ .ResourceKind }}{{ .KindSuffix }}.json")
