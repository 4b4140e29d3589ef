"""deploy/meshviz.yaml: fresh, valid in every Kubernetes, closed to all but port-forwards."""

import re
import subprocess
from pathlib import Path

import jsonschema
import pytest

from meshviz import __version__
from meshviz.config import load
from tests.deploy.chart import (
    CHART,
    MANIFEST,
    chart_sum,
    containers,
    environment,
    kinds,
    objects_of,
    one,
    pods,
    rendered,
)
from tests.deploy.restricted import violations
from tests.deploy.schemas import THREE, VERSIONS, check, name_of, write_standalone
from tests.deploy.tools import ROOT, tool

TEXT = MANIFEST.read_text()
OBJECTS = objects_of(TEXT)
POD = pods(OBJECTS)["server"]
CONTAINER = containers(OBJECTS)["server"]


def test_it_is_made_from_the_chart_as_it_is():
    assert f"sha256 {chart_sum()}\n" in TEXT, "the chart has changed: make manifest"


def test_the_chart_has_the_dashboards_and_alerts_as_they_are():
    shared = {"dashboards": "grafana/*.json", "alerts": "prometheus/*-alerts.yaml"}
    for folder, pattern in shared.items():
        ours = {path.name: path.read_text() for path in (ROOT / "deploy").glob(pattern)}
        copies = {path.name: path.read_text() for path in (CHART / "files" / folder).glob("*")}
        assert copies == ours, "make manifest"


@pytest.mark.helm
def test_helm_makes_the_same_byte_for_byte():
    # The Service's namespace is nowhere in it, or `kubectl apply -n` would mean another one.
    # Helm 4 leaves a blank line where Helm 3 leaves none.
    body = re.sub(r"^(# Source: .*)?\n", "", rendered({}), flags=re.M)

    header = re.match(r"(#.*\n)+", TEXT)
    assert header is not None
    assert TEXT[header.end() :].strip() == body.strip()


@pytest.mark.parametrize("version", VERSIONS)
def test_kubernetes_takes_it(version: str):
    for found in OBJECTS:
        check(found, version)


def test_a_misspelt_field_would_be_noticed():
    found = one(objects_of(TEXT.replace("readOnlyRootFilesystem", "readOnlyRootFs")), "Deployment")

    with pytest.raises(jsonschema.ValidationError):
        check(found, VERSIONS[-1])


@pytest.mark.kubeconform
@pytest.mark.parametrize("version", THREE)
def test_kubeconform_takes_it(version: str, tmp_path: Path):
    place = write_standalone(version, tmp_path, [name_of(found) for found in OBJECTS])
    command = [tool("kubeconform"), "-strict", "-summary", "-schema-location", place, str(MANIFEST)]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
    assert f"Valid: {len(OBJECTS)}" in done.stdout


def test_there_is_nothing_but_one_pod_and_what_guards_it():
    assert kinds(OBJECTS) == {"Deployment", "Service", "ServiceAccount", "NetworkPolicy"}
    assert one(OBJECTS, "Deployment")["spec"]["replicas"] == 1


def test_no_object_names_a_namespace():
    assert all("namespace" not in found["metadata"] for found in OBJECTS)


def test_the_page_is_for_port_forwards_alone():
    given = environment(CONTAINER)

    assert given["MESHVIZ_HOST"] == "127.0.0.1"
    assert given["MESHVIZ_SIGN_IN"] == "none"
    assert [port["containerPort"] for port in CONTAINER["ports"]] == [9100]
    assert [port["name"] for port in one(OBJECTS, "Service")["spec"]["ports"]] == ["http-ops"]
    allowed = one(OBJECTS, "NetworkPolicy")["spec"]["ingress"]
    assert 8000 not in [port["port"] for rule in allowed for port in rule["ports"]]


def test_meshviz_takes_its_settings():
    settings = load(environment(CONTAINER), complete=True)

    assert settings.prometheus_url == "http://prometheus.istio-system:9090"


def test_pod_security_has_nothing_to_say():
    assert list(violations(POD["spec"])) == []


def test_the_pod_writes_nothing_but_tmp():
    assert CONTAINER["securityContext"]["readOnlyRootFilesystem"] is True
    assert [volume["name"] for volume in POD["spec"]["volumes"]] == ["tmp"]


def test_versions_are_those_of_meshviz():
    lines = (CHART / "Chart.yaml").read_text().splitlines()

    assert f"version: {__version__}" in lines
    assert f"appVersion: {__version__}" in lines
    assert CONTAINER["image"] == f"meshviz:{__version__}"
