"""What a real Kubernetes API says to manifest and chart, with Pod Security set to "restricted"."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.deploy.chart import MANIFEST, Object, objects_of, pods, render
from tests.deploy.cluster import Cluster
from tests.deploy.foreign import is_foreign
from tests.deploy.matrix import MODES, SCALED, cases, everything

pytestmark = pytest.mark.apiserver

LOCKED = "locked"
_LEVEL = "pod-security.kubernetes.io"
CASES = {name: it for name, it in cases().items() if "everything" in name or "persist" in name}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with Cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        labels = {f"{_LEVEL}/{what}": "restricted" for what in ("enforce", "warn")}
        metadata = {"name": LOCKED, "labels": labels}
        namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}
        given = yaml.safe_dump_all([namespace, _priority()])
        assert cluster.kubectl("apply", "-f", "-", given=given).returncode == 0
        yield cluster


def test_the_manifest_is_applied_without_a_warning_and_then_nothing_changes(cluster: Cluster):
    first, second = (cluster.kubectl("apply", "-n", LOCKED, "-f", str(MANIFEST)) for _ in range(2))

    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.count(" created") == len(objects_of(MANIFEST.read_text()))
    assert second.stdout.count(" unchanged") == first.stdout.count(" created")


@pytest.mark.helm
def test_scaled_mode_is_applied_over_it(cluster: Cluster):
    cluster.kubectl("apply", "-n", LOCKED, "-f", str(MANIFEST))

    done = _applied(cluster, render(SCALED))

    assert (done.returncode, done.stderr) == (0, "")
    assert "deployment.apps/meshviz configured" in done.stdout
    assert "deployment.apps/meshviz-beat created" in done.stdout


@pytest.mark.helm
@pytest.mark.parametrize("name", CASES)
def test_everything_at_once_would_be_taken(cluster: Cluster, name: str):
    done = _applied(cluster, render(CASES[name]), "--dry-run=server")

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.helm
@pytest.mark.parametrize("mode", MODES)
def test_admission_lets_the_pods_in(cluster: Cluster, mode: str):
    objects = render(everything(MODES[mode]))
    accounts = [it for it in objects if it["kind"] == "ServiceAccount"]
    _applied(cluster, accounts)

    done = _applied(cluster, _pods(objects), "--dry-run=server")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count(" created") == len(pods(objects))


def test_admission_does_look(cluster: Cluster):
    cluster.kubectl("apply", "-n", LOCKED, "-f", str(MANIFEST))
    (pod,) = _pods(objects_of(MANIFEST.read_text()))
    del pod["spec"]["containers"][0]["securityContext"]["capabilities"]

    done = _applied(cluster, [pod], "--dry-run=server")

    assert done.returncode != 0
    assert 'violates PodSecurity "restricted' in done.stderr


def _applied(cluster: Cluster, objects: list[Object], *options: str) -> Any:
    given = yaml.safe_dump_all(it for it in objects if not is_foreign(it))
    return cluster.kubectl("apply", "-n", LOCKED, *options, "-f", "-", given=given)


def _pods(objects: list[Object]) -> list[Object]:
    """Return the pods that a controller would make."""
    return [
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": f"meshviz-{name}", **template["metadata"]},
            "spec": template["spec"],
        }
        for name, template in pods(objects).items()
    ]


def _priority() -> Object:
    """Return the class that the matrix places pods by."""
    return {
        "apiVersion": "scheduling.k8s.io/v1",
        "kind": "PriorityClass",
        "metadata": {"name": "high"},
        "value": 1000,
    }
