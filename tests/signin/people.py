"""People for tests: a server that asks for names, and somebody who signs in to it.

with Served(RECORDING, **signing_in(url)) as served:
    ada = Person(served).sign_in("ada")
    ada.write("post", "/api/v1/saved-views", {"name": "mine"})
"""

import re
import subprocess
import sys
from typing import Any, Self

import requests

from tests.served import PATIENCE_S, ROOT, Served, environment

RECORDING = f"recording:{ROOT / 'tests/recordings/demo.jsonl.gz'}"
KEY = "k" * 40
PASSWORD = "a horse of another colour"


def signing_in(url: str, **settings: str) -> dict[str, str]:
    """Return the settings of a server with users in the database at this address."""
    return {"database_url": url, "sign_in": "users", "secret_key": KEY, **settings}


def manage(url: str, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command on that database."""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=environment(**signing_in(url)),
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


_POPULATE = f"""
import sys, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.contrib.auth.models import User
for name in sys.argv[1:]:
    User.objects.create_user(name, password="{PASSWORD}")
"""


def populate(url: str, *names: str) -> None:
    """Make the tables, and users who all have the same password."""
    ended = subprocess.run(
        [sys.executable, "-c", _POPULATE, *names],
        cwd=ROOT,
        env=environment(**signing_in(url)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr


class Person(requests.Session):
    """A browser's session, without the browser."""

    def __init__(self, served: Served) -> None:
        super().__init__()
        self.served = served

    def go(self, path: str, **options: Any) -> requests.Response:
        """Ask for a page or an answer of the API; redirects are not followed."""
        return self.get(
            self.served.url + path, timeout=PATIENCE_S, allow_redirects=False, **options
        )

    def submit(self, name: str, password: str, then: str = "/", **options: Any) -> Any:
        """Fill in the form and return the answer to it."""
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', self.go("/login").text)
        given = {"name": name, "password": password, "next": then}
        if token is not None:
            given["csrfmiddlewaretoken"] = token[1]
        return self.post(
            f"{self.served.url}/login",
            data=given,
            timeout=PATIENCE_S,
            allow_redirects=False,
            **options,
        )

    def sign_in(self, name: str) -> Self:
        answer = self.submit(name, PASSWORD)
        assert answer.status_code == 302, answer.text
        return self

    def write(self, method: str, path: str, body: object = None, **options: Any) -> Any:
        """Change something, with the session's token."""
        token = self.go("/api/v1/me").json()["csrf_token"]
        options.setdefault("headers", {"X-CSRFToken": token})
        return self.request(
            method,
            self.served.url + path,
            json=body,
            timeout=PATIENCE_S,
            allow_redirects=False,
            **options,
        )

    def session_key(self) -> str:
        return str(self.cookies["meshviz_session"])
