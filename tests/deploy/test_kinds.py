"""Every object that the chart makes has the shape of its kind, and helm finds nothing to lint."""

import subprocess
from pathlib import Path

import jsonschema
import pytest
import yaml

from tests.deploy import foreign, schemas
from tests.deploy.chart import CHART, KUBERNETES, Object, one, render
from tests.deploy.foreign import is_foreign
from tests.deploy.matrix import EXPOSED, SIGN_INS, Values, cases, merged
from tests.deploy.schemas import THREE
from tests.deploy.tools import tool

pytestmark = pytest.mark.helm

CASES = cases()
LARGE = {name: values for name, values in CASES.items() if "everything" in name}


@pytest.mark.parametrize("name", CASES)
def test_objects_have_the_shape_of_their_kind(name: str):
    for found in render(CASES[name]):
        if is_foreign(found):
            foreign.check(found)
        else:
            schemas.check(found, THREE[1])


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.parametrize("version", THREE)
def test_every_kubernetes_takes_everything_at_once(name: str, version: str):
    for found in render(LARGE[name]):
        if not is_foreign(found):
            schemas.check(found, version)


def test_a_word_of_a_foreign_kind_that_does_not_exist_would_be_noticed():
    route: Object = one(render(merged(SIGN_INS["anyone"], EXPOSED["route"])), "HTTPRoute")
    route["spec"]["rules"][0]["timeout"] = route["spec"]["rules"][0].pop("timeouts")

    with pytest.raises(jsonschema.ValidationError):
        foreign.check(route)


@pytest.mark.parametrize("values", [{}, *LARGE.values()], ids=["defaults", *LARGE])
def test_helm_finds_nothing_to_lint(values: Values, tmp_path: Path):
    file = tmp_path / "values.yaml"
    file.write_text(yaml.safe_dump(values))
    command = [tool("helm"), "lint", "--strict", "--kube-version", KUBERNETES]

    done = subprocess.run(
        [*command, "--values", str(file), str(CHART)], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 chart(s) failed" in done.stdout
