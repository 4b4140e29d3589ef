"""What the chart takes as values: the schema, always; and what helm says to what makes no sense."""

import json
from typing import Any

import jsonschema
import pytest
import yaml

from graph.core.strict_yaml import FileError
from meshviz.access import read_access
from meshviz.table import SETTINGS
from tests.deploy.chart import CHART, one, refusal, render
from tests.deploy.matrix import EXPOSED, OF_EMBEDDED, SCALED, SIGN_INS, Values, cases, merged

SCHEMA: dict[str, Any] = json.loads((CHART / "values.schema.json").read_text())
DEFAULTS: Values = yaml.safe_load((CHART / "values.yaml").read_text())
CASES = cases()

MISTAKES: dict[str, tuple[Values, str]] = {
    "a word that is not there": ({"promethues": {"url": "http://a"}}, "promethues"),
    "a word further in": ({"signIn": {"mod": "users"}}, "mod"),
    "another sign-in": ({"signIn": {"mode": "ldap"}}, "mode"),
    "a password in an address": ({"prometheus": {"url": "http://a:b@c"}}, "url"),
    "a password for Redis": ({"redis": {"url": "redis://:a@b"}}, "redis"),
    "a tag as digest": ({"image": {"digest": "latest"}}, "digest"),
    "a setting of somebody else": ({"settings": {"PATH": "/"}}, "PATH"),
    "any host": ({"hosts": ["*"]}, "hosts"),
    "a folder of the node": ({"extraVolumes": [{"name": "a", "hostPath": {}}]}, "hostPath"),
    "root": ({"runAsUser": 0}, "runAsUser"),
    "a setting that there is not": ({"settings": {"MESHVIZ_WINDOWW": "5m"}}, "MESHVIZ_WINDOWW"),
    "a list as setting": ({"settings": {"MESHVIZ_WINDOWS": ["1m"]}}, "MESHVIZ_WINDOWS"),
    "a folder of runbooks": (
        {"metrics": {"prometheusRule": {"runbookBaseUrl": "docs"}}},
        "runbookBaseUrl",
    ),
    "no replica": ({"server": {"replicas": 0}}, "replicas"),
    "an ingress for no name": ({"ingress": {"enabled": True}}, "hosts"),
    "a route for no name": ({"httpRoute": {"enabled": True}}, "hostnames"),
}

RIGHTS = {"role": "viewer", "namespaces": ["shop"]}
# What a pod would refuse of its access file, and a word of what helm says.
WRONG_ACCESS: dict[str, tuple[Values, str]] = {
    "another part": ({"teams": {"a": RIGHTS}}, "teams"),
    "a list of groups": ({"groups": [RIGHTS]}, "groups"),
    "a role for a group": ({"groups": {"a": "admin"}}, "groups"),
    "another role": ({"users": {"ada": {"role": "owner"}}}, "role"),
    "a word for a role": ({"everyone": {"rol": "viewer"}}, "rol"),
    "no rights": ({"groups": {"a": {}}}, "groups"),
    "one namespace": ({"everyone": {"namespaces": "shop"}}, "namespaces"),
    "two in one": ({"everyone": {"namespaces": ["shop cart"]}}, "namespaces"),
    "an empty name": ({"everyone": {"namespaces": [""]}}, "namespaces"),
    "yes": ({"everyone": {"namespaces": [True]}}, "namespaces"),
    "nobody": ({"users": {"": RIGHTS}}, "users"),
}
GOOD_ACCESS: dict[str, Values] = {
    "all of it": {"everyone": RIGHTS, "groups": {"a": RIGHTS}, "users": {"ada@b.c": RIGHTS}},
    "a role alone": {"everyone": {"role": "editor"}},
    "namespaces alone": {"groups": {"a team": {"namespaces": ["*", "shop-*", "east:shop"]}}},
    "no namespace": {"users": {"ada": {"role": "admin", "namespaces": []}}},
    "nobody": {"groups": {}, "users": {}},
}
MISTAKES |= {
    f"access: {name}": ({"access": values}, word) for name, (values, word) in WRONG_ACCESS.items()
}

_PROXY = SIGN_INS["proxy"]["signIn"]["proxy"]
_OIDC = SIGN_INS["oidc"]["signIn"]["oidc"]
_REDIS_TWICE: Values = {"redis": {"bundled": {"enabled": True}, "url": "redis://a"}}
CLOSED: Values = {"networkPolicy": {"egress": {"enabled": True}}}
CONTRADICTIONS: dict[str, tuple[Values, str]] = {
    "an ingress to a closed pod": (EXPOSED["ingress"], "need a sign-in"),
    "a route to a closed pod": (EXPOSED["route"], "need a sign-in"),
    "a route from nowhere": (
        merged(SIGN_INS["anyone"], {"httpRoute": {"enabled": True, "hostnames": ["a.b"]}}),
        "httpRoute.parentRefs",
    ),
    "scaled without Redis": ({"mode": "scaled"}, "needs one Redis"),
    "two Redis": ({"mode": "scaled", **_REDIS_TWICE}, "only one of the three"),
    "Redis for nobody": ({"redis": {"url": "redis://a"}}, "redis is for mode scaled"),
    "two embedded": ({"server": {"replicas": 2}}, "needs mode scaled"),
    "an autoscaler of one": ({"autoscaling": {"enabled": True}}, "needs mode scaled"),
    "a file for many": (merged(SCALED, OF_EMBEDDED["persistence"]), "serves one pod"),
    "two databases": (
        {"persistence": {"enabled": True}, "database": {"existingSecret": "a"}},
        "only one can be used",
    ),
    "users without a place": ({"signIn": {"mode": "users"}}, "needs a place"),
    "users that are forgotten": (
        {"signIn": {"mode": "users"}, "database": {"forgetful": True}},
        "would forget the users",
    ),
    "no key for many": (
        merged(SCALED, {"signIn": {"mode": "users"}, "database": {"existingSecret": "a"}}),
        "signIn.secretKey",
    ),
    "any proxy": (
        {"signIn": {"mode": "proxy"}, "database": {"existingSecret": "a"}},
        "anybody could say to be anybody",
    ),
    "a proxy for nobody": ({"signIn": {"proxy": _PROXY}}, "signIn.mode is none"),
    "a provider for nobody": ({"signIn": {"oidc": _OIDC}}, "signIn.mode is none"),
    "no provider": (
        {"signIn": {"mode": "oidc"}, "database": {"existingSecret": "a"}},
        "signIn.oidc.issuer",
    ),
    "rights of nobody": ({"access": {"everyone": {"namespaces": ["a"]}}}, "who they are"),
    "a setting twice": ({"settings": {"MESHVIZ_HOST": "::"}}, "signIn.mode and listen"),
    "token and password": (
        {
            "prometheus": {
                "token": {"existingSecret": "a"},
                "user": "b",
                "password": {"existingSecret": "c"},
            }
        },
        "only one of the two",
    ),
    "a user without password": ({"prometheus": {"user": "a"}}, "go together"),
    **{
        f"nobody to ask: {name}": (merged(values, CLOSED), "networkPolicy.egress.extra")
        for name, values in {
            "issuer": SIGN_INS["oidc"],
            "database": SIGN_INS["users"],
            "redis": {"mode": "scaled", "redis": {"url": "redis://a"}},
            "redis by Secret": {"mode": "scaled", "redis": {"existingSecret": "a"}},
        }.items()
    },
    "a variable twice": (
        {"extraEnv": [{"name": "MESHVIZ_SIGN_IN", "value": "anyone"}]},
        "by the value signIn.mode",
    ),
    "two meshes": ({"istio": {"sidecar": "inject", "ambient": True}}, "one of the two"),
}


def test_defaults_are_accepted():
    jsonschema.validate(DEFAULTS, SCHEMA)


def test_every_default_has_its_place_in_the_schema_and_the_other_way_round():
    depths = {"access": 1, "settings": 1, "httpRoute": 2}  # what is in them is empty by default
    described = {path[: depths.get(path[0])] for path in _described(SCHEMA)}

    assert _leaves(DEFAULTS) == described - {("global",)}


def test_settings_are_those_of_meshviz():
    assert SCHEMA["properties"]["settings"]["properties"].keys() == {it.name for it in SETTINGS}


@pytest.mark.parametrize("name", WRONG_ACCESS)
def test_a_pod_would_refuse_that_access_too(name: str):
    values, _ = WRONG_ACCESS[name]

    with pytest.raises(FileError):
        read_access(json.dumps(values), "access.yaml")  # which is YAML, too


@pytest.mark.parametrize("name", GOOD_ACCESS)
def test_access_that_a_pod_takes_is_accepted(name: str):
    values = GOOD_ACCESS[name]

    jsonschema.validate({"access": values}, SCHEMA)
    read_access(json.dumps(values), "access.yaml")  # which is YAML, too


@pytest.mark.parametrize("name", CASES)
def test_what_is_tried_is_accepted(name: str):
    jsonschema.validate(CASES[name], SCHEMA)


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_refused(name: str):
    values, word = MISTAKES[name]

    with pytest.raises(jsonschema.ValidationError) as refused:
        jsonschema.validate(merged(DEFAULTS, values), SCHEMA)
    assert word in f"{refused.value.json_path} {refused.value.message}"


@pytest.mark.helm
@pytest.mark.parametrize("name", MISTAKES)
def test_helm_refuses_it_too(name: str):
    values, word = MISTAKES[name]

    assert word in refusal(values)


@pytest.mark.helm
@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_what_makes_no_sense_is_said_in_words(name: str):
    values, words = CONTRADICTIONS[name]

    message = refusal(values)

    assert "meshviz: " in message
    assert words in message


@pytest.mark.helm
@pytest.mark.parametrize("name", ["3rd", "a.b"])
def test_a_release_whose_service_would_have_no_name_is_refused(name: str):
    message = refusal({}, name)

    assert "meshviz: " in message
    assert "fullnameOverride" in message


@pytest.mark.helm
def test_another_name_mends_that():
    found = one(render({"fullnameOverride": "graph"}, "3rd"), "Service", "graph")

    assert found["spec"]["selector"]["app.kubernetes.io/instance"] == "3rd"


def _leaves(values: Values, path: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """Return the path of every value; what is in a map is its own affair."""
    found = set()
    for key, value in values.items():
        at = (*path, key)
        is_map = key in ("requests", "limits", "labels")
        is_object = isinstance(value, dict) and value and not is_map
        found |= _leaves(value, at) if is_object else {at}
    return found


def _described(schema: dict[str, Any], path: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    if "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    if "properties" not in schema:
        return {path}
    parts = (_described(it, (*path, key)) for key, it in schema["properties"].items())
    return set().union(*parts) - {(*path, "claims")}
