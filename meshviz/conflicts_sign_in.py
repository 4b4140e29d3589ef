"""What cannot be true together of the settings that say who may see anything."""

from collections.abc import Iterator, Mapping
from typing import Any

from meshviz.parsing import is_loopback
from meshviz.setting import PREFIX, Conflict

# Settings that only one way of signing in has a use for, if they differ from their defaults.
_OF = {
    "proxy": ("trusted_proxies", "proxy_secret", "proxy_secret_file"),
    "oidc": (
        "oidc_issuer",
        "oidc_client_id",
        "oidc_client_secret",
        "oidc_client_secret_file",
        "oidc_ca_file",
    ),
}


def sign_in_conflicts(values: Mapping[str, Any]) -> Iterator[Conflict]:
    """Yield what is wrong."""
    mode = values["sign_in"]
    if mode == "none" and not is_loopback(values["host"]):
        yield Conflict(
            "sign_in",
            f"{PREFIX}HOST={values['host']} lets other machines in, and nobody signs in",
            f"{PREFIX}SIGN_IN=users, or {PREFIX}SIGN_IN=anyone to show the mesh to whoever "
            "reaches the port",
        )
    if mode in ("none", "anyone") and values["access_file"]:
        yield Conflict(
            "access_file",
            f"nobody signs in with {PREFIX}SIGN_IN={mode}, so that nobody has a name or a group",
            f"{PREFIX}SIGN_IN=users",
        )
    for owner, fields in _OF.items():
        if mode != owner:
            reason = f"it is for {PREFIX}SIGN_IN={owner}, and this is {mode}"
            example = f"{PREFIX}SIGN_IN={owner}"
            yield from (Conflict(name, reason, example) for name in fields if values[name])
    if mode == "proxy" and not any(values[name] for name in _OF["proxy"]):
        yield Conflict(
            "trusted_proxies",
            "anybody could say to be anybody: say where the proxy is, or give it a secret "
            f"({PREFIX}PROXY_SECRET_FILE)",
        )
    if mode == "oidc":
        yield from _oidc(values)
    has_key = values["secret_key"] or values["secret_key_file"]
    if mode in ("users", "oidc") and values["redis_url"] and not has_key:
        yield Conflict(
            "secret_key_file",
            "servers of scaled mode take each other's sign-ins only if all have the same key",
        )


def _oidc(values: Mapping[str, Any]) -> Iterator[Conflict]:
    for name in ("oidc_issuer", "oidc_client_id"):
        if not values[name]:
            yield Conflict(name, f"{PREFIX}SIGN_IN=oidc needs it")
    if "openid" not in values["oidc_scopes"]:
        yield Conflict("oidc_scopes", "without openid the provider does not say who it is")
