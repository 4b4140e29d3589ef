"""A pod's environment with its files in a folder, so that settings can be read as in the pod."""

from pathlib import Path

from tests.deploy.chart import Object, one
from tests.deploy.tools import ROOT

_TLS = ROOT / "tests" / "tls"
_CERTIFICATES = {"ca.crt": "ca.pem", "tls.crt": "client.pem", "tls.key": "client-key.pem"}
# What stands in the Secrets that tests/deploy/matrix.py names.
_SECRETS = {
    "DATABASE_URL": "postgres://meshviz:correct-horse@db.example.com/meshviz",
    "MESHVIZ_REDIS_URL": "redis://redis.istio-system:6379/0",
    "MESHVIZ_PROMETHEUS_HEADERS": "X-Scope-OrgID: team-a",
    "REDIS_PASSWORD": "correcthorse",
}
_LONG_ENOUGH = "correct-horse-battery-staple-correct-horse"


def as_in_a_pod(given: dict[str, str], objects: list[Object], folder: Path) -> dict[str, str]:
    """Return the variables with their Secrets filled in and their files written to a folder."""
    found = {}
    for name, value in given.items():
        filled = value.replace("$(REDIS_PASSWORD)", _SECRETS["REDIS_PASSWORD"])
        if value.startswith("/etc/meshviz/"):
            filled = str(_written(value, objects, folder))
        elif name == "DATABASE_URL" and value.startswith("sqlite:"):
            filled = f"sqlite:///{folder}/meshviz.sqlite3"
        elif name in _SECRETS and "://" not in value:
            filled = _SECRETS[name]
        found[name] = filled
    return found


def _written(path: str, objects: list[Object], folder: Path) -> Path:
    file = folder / path.lstrip("/")
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.name in _CERTIFICATES:
        text = (_TLS / _CERTIFICATES[file.name]).read_text()
    elif file.suffix == ".yaml":
        text = one(objects, "ConfigMap", f"meshviz-{file.stem}")["data"][file.name]
    else:
        text = _LONG_ENOUGH
    file.write_text(text)
    return file
