"""The OpenID Connect provider: what it says of itself, and what it says of people.

Untrustworthy   it is not the one that the settings name, or says nothing that can be checked
"""

from functools import cache
from typing import Any

import requests
from authlib.integrations.base_client import FrameworkIntegration
from authlib.integrations.django_client import DjangoOAuth2App
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings

from graph.sources.access import secret_text
from meshviz.config import Config

_TIMEOUT_S = 10.0
# Signatures that only the provider can make. Never "none", and nothing made with a shared secret.
_SIGNATURES = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
)


class Untrustworthy(Exception):
    """The provider's answers cannot be believed."""


class _Session(OAuth2Session):  # type: ignore[misc]  # Authlib has no types
    """Asks the provider alone: no proxy of the environment, no redirects, not for ever."""

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        self.trust_env = False
        ca_file = settings.MESHVIZ.oidc_ca_file
        self.verify = str(ca_file) if ca_file else True
        options["allow_redirects"] = False
        options["timeout"] = _TIMEOUT_S
        answer: requests.Response = super().request(method, url, **options)
        if answer.is_redirect:
            raise requests.TooManyRedirects(response=answer)
        return answer


class _App(DjangoOAuth2App):  # type: ignore[misc]  # Authlib has no types
    client_cls = _Session


class Provider:
    """One provider. For threads."""

    def __init__(self, wanted: Config) -> None:
        self._wanted = wanted

    def begun(self, back: str) -> dict[str, Any]:
        """Return the ``url`` to send a browser to, and what belongs to the sign-in."""
        app = self._app()
        asked: dict[str, Any] = app.create_authorization_url(back)
        return asked

    def claims(self, code: str, underway: dict[str, Any]) -> dict[str, Any]:
        """Return what the provider says of the person that a code stands for.

        Raises Authlib's and joserfc's errors, and those of requests.
        """
        app = self._app()
        token = app.fetch_access_token(
            redirect_uri=underway["back"], code=code, code_verifier=underway["code_verifier"]
        )
        if "id_token" not in token:
            raise Untrustworthy("it sent no id_token")
        told = dict(app.parse_id_token(token, nonce=underway["nonce"]))
        if self._has_more(app, told):
            more = dict(app.userinfo(token=token))
            if more.get("sub") != told.get("sub"):
                raise Untrustworthy("its userinfo is about somebody else")
            told = {**more, **told}
        return told

    def _has_more(self, app: Any, told: dict[str, Any]) -> bool:
        """Tell whether userinfo may know what the token leaves out."""
        claims = (self._wanted.oidc_user_claim, self._wanted.oidc_groups_claim)
        is_short = any(name.partition(".")[0] not in told for name in claims)
        return is_short and "userinfo_endpoint" in app.server_metadata

    def _app(self) -> Any:
        app = _described(self._wanted.oidc_issuer or "", self._wanted.oidc_client_id or "")
        path = self._wanted.oidc_client_secret_file
        app.client_secret = secret_text(path) if path else self._wanted.oidc_client_secret
        return app


@cache
def _described(issuer: str, client_id: str) -> Any:
    """Return the application, once the provider has described itself; a failure is tried again."""
    app = _App(
        FrameworkIntegration("oidc"),
        name="oidc",
        client_id=client_id,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": " ".join(settings.MESHVIZ.oidc_scopes),
            "code_challenge_method": "S256",
            # What is good for a minute only is good enough to ask one question.
            "leeway": 0,
        },
    )
    metadata = app.load_server_metadata()
    if str(metadata.get("issuer", "")).rstrip("/") != issuer:
        raise Untrustworthy("it calls itself by another name than MESHVIZ_OIDC_ISSUER")
    offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    usable = [name for name in offered if name in _SIGNATURES]
    if not usable:
        raise Untrustworthy(f"it signs by none of {', '.join(_SIGNATURES)}")
    metadata["id_token_signing_alg_values_supported"] = usable
    return app


@cache
def provider() -> Provider:
    """Return the provider of this process."""
    return Provider(settings.MESHVIZ)
