"""OpenID Connect providers: a good one, which is a library's, and one that can be made to lie."""

import base64
import json
import sys
import tempfile
import threading
import time
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from graph.demo.process import Child
from graph.demo.prometheus import free_port
from tests.served import PATIENCE_S, ROOT


class GoodProvider(AbstractContextManager["GoodProvider"]):
    """The provider of oidc-provider-mock, which asks nobody for a password."""

    def __init__(self, *people: dict[str, Any]) -> None:
        self._people = people
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="provider-")
        told = [word for one in self._people for word in ("--user-claims", json.dumps(one))]
        self._child = Child(
            "the provider",
            [sys.executable, "-m", "oidc_provider_mock", "--port", str(self.port), *told],
            Path(self._folder.name) / "provider.log",
            cwd=ROOT,
        )
        self._child.wait_until(self._answers, PATIENCE_S)
        return self

    def __exit__(self, *error: object) -> None:
        self._child.stop()
        self._folder.cleanup()

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/jwks", timeout=1).ok
        except requests.RequestException:
            return False


def allow(browser: requests.Session, address: str, sub: str) -> str:
    """Do what a person does at the good provider's page; return the address it leads back to."""
    answer = browser.post(address, data={"sub": sub}, timeout=PATIENCE_S, allow_redirects=False)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


class BadProvider(AbstractContextManager["BadProvider"]):
    """A provider that tells what a test wants: ``lie`` names what is wrong with its answers."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one"}, private=True)
        self.strange_key = RSAKey.generate_key(2048, {"kid": "one"}, private=True)
        self.lie = ""
        self.claims: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        # What was asked of the authorization endpoint last, and of the token endpoint.
        self.asked: dict[str, str] = {}
        self.exchanged: dict[str, str] = {}

    def __enter__(self) -> Self:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body = provider.answer(urlsplit(self.path).path)
                self.tell(status, body)

            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                form = parse_qs(self.rfile.read(length).decode())
                provider.exchanged = {name: values[0] for name, values in form.items()}
                provider.exchanged["authorization"] = self.headers.get("Authorization", "")
                self.tell(*provider.token())

            def tell(self, status: int, body: Any) -> None:
                text = json.dumps(body).encode()
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", provider.url + "/elsewhere")
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *args: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def sign_in(self, address: str) -> str:
        """Return where a browser that was sent to ``address`` comes back to."""
        self.asked = {name: one[0] for name, one in parse_qs(urlsplit(address).query).items()}
        state = "another" if self.lie == "state" else self.asked["state"]
        told = {"error": "access_denied"} if self.lie == "denied" else {"code": "the-code"}
        return f"{self.asked['redirect_uri']}?{urlencode({**told, 'state': state})}"

    def answer(self, path: str) -> tuple[int, Any]:
        """Return the answer to a GET."""
        if path == "/jwks":
            return 200, {"keys": [self.key.as_dict(private=False)]}
        if path == "/userinfo":
            return 200, {"sub": "1", **self.userinfo}
        if path == "/elsewhere":
            return 200, self._metadata()
        if self.lie == "redirect":
            return 302, {}
        return (500, {}) if self.lie == "broken" else (200, self._metadata())

    def _metadata(self) -> dict[str, Any]:
        return {
            "issuer": "https://evil.example" if self.lie == "metadata" else self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/jwks",
            "id_token_signing_alg_values_supported": ["none", "HS256", "RS256"],
        }

    def token(self) -> tuple[int, Any]:
        """Return the answer to the exchange of a code."""
        if self.lie == "refused":
            return 400, {"error": "invalid_grant"}
        told = {"access_token": "a", "token_type": "Bearer", "expires_in": 60}
        return 200, told if self.lie == "no token" else {**told, "id_token": self._signed()}

    def _signed(self) -> str:
        now = int(time.time())
        claims = {
            "iss": "https://evil.example" if self.lie == "issuer" else self.url,
            "aud": "another" if self.lie == "audience" else "meshviz",
            "sub": "1",
            "iat": now - 7200 if self.lie == "expired" else now,
            "exp": now - 3600 if self.lie == "expired" else now + 60,
            "nonce": "another" if self.lie == "nonce" else self.asked["nonce"],
            **self.claims,
        }
        if self.lie == "unsigned":
            return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}."
        if self.lie == "shared secret":
            # The public key as a secret that anybody knows.
            secret = OctKey.import_key(self.key.as_pem(private=False))
            return jwt.encode({"alg": "HS256"}, claims, secret)
        key = self.strange_key if self.lie == "signature" else self.key
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)
        if self.lie == "changed":
            head, _, signature = token.split(".")
            return f"{head}.{_part({**claims, 'email': 'root@example.com'})}.{signature}"
        return token


def _part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
