"""Django's own list of what is unsafe in production finds nothing that is not judged."""

import subprocess
import sys

import pytest

from tests.served import ROOT, environment
from tests.signin.people import signing_in


@pytest.mark.parametrize("sign_in", ["none", "users"])
def test_deploy_check_is_clean(sign_in: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('check')}/mesh.sqlite3"
    settings = signing_in(url) if sign_in == "users" else {}
    ended = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "INFO"],
        cwd=ROOT,
        env=environment(prometheus_url="http://127.0.0.1:1", **settings)
        | {"DJANGO_SETTINGS_MODULE": "meshviz.settings"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr
