"""The Helm chart, rendered by a real helm, and what tests look for in its objects.

objects = render({"mode": "scaled", "redis": {"bundled": {"enabled": True}}})
pods = pod_templates(objects)
"""

import functools
import hashlib
import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.deploy.tools import ROOT, tool

CHART = ROOT / "deploy" / "helm" / "meshviz"
MANIFEST = ROOT / "deploy" / "meshviz.yaml"
NAMESPACE = "istio-system"
# Of helm itself nothing is asked about a cluster.
KUBERNETES = "1.30.0"

Object = dict[str, Any]


def objects_of(text: str) -> list[Object]:
    """Return the objects of a manifest as Kubernetes reads them."""
    return [found for found in yaml.safe_load_all(text) if found]


def render(values: Mapping[str, Any], name: str = "meshviz") -> list[Object]:
    """Return what the chart makes of these values."""
    return objects_of(rendered(values, name))


def rendered(values: Mapping[str, Any], name: str = "meshviz") -> str:
    """Return the same as text."""
    return _rendered(json.dumps(values, sort_keys=True), name)


def refusal(values: Mapping[str, Any], name: str = "meshviz") -> str:
    """Return what helm says to values, or the name of a release, that it does not take."""
    done = _template(json.dumps(values), name)
    assert done.returncode != 0, "helm takes these values"
    return done.stderr


def deployments(objects: list[Object]) -> dict[str, Object]:
    """Return the Deployments by component."""
    found = (it for it in objects if it["kind"] == "Deployment")
    return {it["metadata"]["labels"]["app.kubernetes.io/component"]: it for it in found}


def pods(objects: list[Object]) -> dict[str, Object]:
    """Return the pod templates by component."""
    return {name: it["spec"]["template"] for name, it in deployments(objects).items()}


def containers(objects: list[Object]) -> dict[str, Object]:
    """Return the containers by component."""
    return {name: pod["spec"]["containers"][0] for name, pod in pods(objects).items()}


def environment(container: Object) -> dict[str, str]:
    """Return a container's variables; those of a Secret as NAME/KEY."""
    found = {}
    for entry in container["env"]:
        secret = entry.get("valueFrom", {}).get("secretKeyRef")
        found[entry["name"]] = f"{secret['name']}/{secret['key']}" if secret else entry["value"]
    return found


def one(objects: list[Object], kind: str, name: str = "meshviz") -> Object:
    """Return the only object of this kind and name."""
    (found,) = (it for it in objects if (it["kind"], it["metadata"]["name"]) == (kind, name))
    return found


def kinds(objects: list[Object]) -> set[str]:
    return {it["kind"] for it in objects}


def chart_sum() -> str:
    """Return the sum over the chart's files that `make manifest` writes into the manifest."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  ./{path.relative_to(CHART)}\n"
        for path in _files()
    ]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _files() -> Iterator[Path]:
    files = (path for path in CHART.rglob("*") if path.is_file())
    yield from sorted(files, key=lambda path: f"./{path.relative_to(CHART)}".encode())


def rendered_anew(values: Mapping[str, Any]) -> str:
    """Return it by another run of helm, whatever was rendered before."""
    return _rendered.__wrapped__(json.dumps(values), "meshviz")


@functools.cache
def _rendered(values: str, name: str) -> str:
    done = _template(values, name)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _template(values: str, name: str) -> subprocess.CompletedProcess[str]:
    command = [tool("helm"), "template", name, str(CHART), "--namespace", NAMESPACE]
    command += ["--kube-version", KUBERNETES, "--values", "-"]
    return subprocess.run(command, input=values, capture_output=True, text=True, check=False)
