"""Django's own list of what is unsafe in production finds nothing that is not judged."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.served import ROOT, environment
from tests.signin.people import KEY

OF = {
    "none": {},
    "users": {"secret_key": KEY},
    "proxy": {"trusted_proxies": "10.0.0.0/8"},
    "oidc": {
        "secret_key": KEY,
        "oidc_issuer": "https://login.example.com",
        "oidc_client_id": "meshviz",
    },
}


@pytest.mark.parametrize("sign_in", OF)
def test_deploy_check_is_clean(sign_in: str, tmp_path: Path) -> None:
    database = {"database_url": f"sqlite:///{tmp_path}/mesh.sqlite3"}
    settings = {"sign_in": sign_in, **OF[sign_in], **(database if sign_in != "none" else {})}
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
