"""Values that the chart is tried with: both modes, every sign-in, each option, all at once."""

from collections.abc import Mapping
from typing import Any

Values = dict[str, Any]

REDIS: Values = {"redis": {"bundled": {"enabled": True}}}
KEY: Values = {"secretKey": {"existingSecret": "meshviz-key"}}
DATABASE: Values = {"database": {"existingSecret": "meshviz-database"}}
SCALED: Values = {"mode": "scaled", **REDIS}
MODES: dict[str, Values] = {"embedded": {}, "scaled": SCALED}
SIGN_INS: dict[str, Values] = {
    "none": {},
    "anyone": {"signIn": {"mode": "anyone"}},
    "users": {"signIn": {"mode": "users", **KEY}, **DATABASE},
    "proxy": {
        "signIn": {
            "mode": "proxy",
            **KEY,
            "proxy": {
                "trusted": ["10.0.0.0/8"],
                "userHeader": "X-Forwarded-User",
                "groupsHeader": "X-Forwarded-Groups",
                "secret": {"existingSecret": "meshviz-proxy"},
            },
        },
        **DATABASE,
    },
    "oidc": {
        "signIn": {
            "mode": "oidc",
            **KEY,
            "oidc": {
                "issuer": "https://id.example.com",
                "clientId": "meshviz",
                "clientSecret": {"existingSecret": "meshviz-oidc"},
            },
        },
        **DATABASE,
    },
}
OPTIONS: dict[str, Values] = {
    "digest": {"image": {"digest": "sha256:" + "0" * 64}, "imagePullSecrets": [{"name": "pull"}]},
    "token": {"prometheus": {"token": {"existingSecret": "prometheus-token"}}},
    "tls": {
        "prometheus": {
            "url": "https://prometheus.monitoring:9090",
            "user": "meshviz",
            "password": {"existingSecret": "prometheus-password"},
            "headers": {"existingSecret": "prometheus-headers"},
            "ca": {"existingConfigMap": "prometheus-ca"},
            "certificate": {"existingSecret": "prometheus-client"},
        }
    },
    "health": {"health": {"rules": [{"namespace": "shop", "tolerances": []}]}},
    "settings": {"settings": {"MESHVIZ_MAX_VIEWERS": 100000, "MESHVIZ_QUERY_BUDGET": 0.1}},
    "egress": {
        "networkPolicy": {
            "egress": {
                "enabled": True,
                "extra": [
                    {
                        "to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}],
                        "ports": [{"port": 443, "protocol": "TCP"}],
                    }
                ],
            }
        }
    },
    "no network policy": {"networkPolicy": {"enabled": False}},
    "monitor": {"metrics": {"annotations": False, "serviceMonitor": {"enabled": True}}},
    "watched": {"metrics": {"prometheusRule": {"enabled": True}, "dashboards": {"enabled": True}}},
    "sidecar": {
        "istio": {
            "sidecar": "inject",
            "holdApplicationUntilProxyStarts": True,
            "authorizationPolicy": {"enabled": True, "namespaces": ["istio-ingress"]},
        }
    },
    "ambient": {"istio": {"ambient": True, "authorizationPolicy": {"enabled": True}}},
    "exec probes": {"probes": {"type": "exec"}},
    "openshift": {"runAsUser": None},
    "own account": {"serviceAccount": {"create": False, "name": "other"}},
    "ipv6": {"listen": "::"},
    "placed": {
        "nodeSelector": {"disk": "ssd"},
        "tolerations": [{"operator": "Exists"}],
        "affinity": {"nodeAffinity": {}},
        "priorityClassName": "high",
        "podLabels": {"team": "mesh"},
        "podAnnotations": {"example.com/note": "yes"},
        "commonLabels": {"cost": "platform"},
        "extraEnv": [{"name": "TZ", "value": "UTC"}],
        "extraVolumes": [{"name": "more", "emptyDir": {}}],
        "extraVolumeMounts": [{"name": "more", "mountPath": "/more"}],
    },
}
# Only for one mode, or where there is a sign-in.
OF_EMBEDDED: dict[str, Values] = {
    "persistence": {"persistence": {"enabled": True, "storageClassName": "gp3"}},
    "forgetful": {
        "signIn": {"mode": "proxy", "proxy": {"secret": {"existingSecret": "meshviz-proxy"}}},
        "database": {"forgetful": True},
    },
}
OF_SCALED: dict[str, Values] = {
    "given redis": {"redis": {"bundled": {"enabled": False}, "existingSecret": "redis"}},
    "redis password": {
        "redis": {"bundled": {"enabled": True, "password": {"existingSecret": "redis-password"}}}
    },
    "replicas": {"server": {"replicas": 3}},
    "autoscaling": {"autoscaling": {"enabled": True}},
}
EXPOSED: dict[str, Values] = {
    "ingress": {"ingress": {"enabled": True, "hosts": ["a.example.com"], "tlsSecret": "tls"}},
    "route": {
        "httpRoute": {
            "enabled": True,
            "parentRefs": [{"name": "gateway", "namespace": "istio-ingress"}],
            "hostnames": ["b.example.com"],
            "timeouts": {"request": "0s"},
        }
    },
}
ACCESS: Values = {
    "access": {"groups": {"shop-team": {"role": "editor", "namespaces": ["shop", "shop-*"]}}}
}


def cases() -> dict[str, Values]:
    """Return every combination to be tried, by a name that says what it is."""
    found: dict[str, Values] = {}
    for mode, base in MODES.items():
        own = OF_EMBEDDED if mode == "embedded" else OF_SCALED
        for sign_in, values in SIGN_INS.items():
            found[f"{mode}, {sign_in}"] = merged(base, values)
        for name, values in {**OPTIONS, **own}.items():
            found[f"{mode}, {name}"] = merged(base, values)
        for name, values in EXPOSED.items():
            found[f"{mode}, {name}"] = merged(base, SIGN_INS["anyone"], values)
        found[f"{mode}, everything"] = everything(base)
    return found


def everything(base: Values) -> Values:
    """Return values with as much at once as goes together."""
    kept = {name: it for name, it in OPTIONS.items() if name not in LEFT_OUT}
    more = [OF_SCALED["replicas"], OF_SCALED["autoscaling"]] if base else []
    return merged(base, SIGN_INS["oidc"], ACCESS, *kept.values(), *EXPOSED.values(), *more)


# What contradicts another option.
LEFT_OUT = {"token", "no network policy", "ambient", "own account", "openshift"}


def merged(*parts: Mapping[str, Any]) -> Values:
    """Return nested values as helm merges several files of them."""
    found: Values = {}
    for part in parts:
        for key, value in part.items():
            both = isinstance(value, dict) and isinstance(found.get(key), dict)
            found[key] = merged(found[key], value) if both else value
    return found
