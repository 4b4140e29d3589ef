"""A real Kubernetes API with a real etcd behind it, on loopback; no nodes, so nothing is started.

with Cluster(folder) as cluster:
    cluster.kubectl("apply", "--dry-run=server", "-f", "deploy/meshviz.yaml")
"""

import subprocess
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Self

from graph.demo.process import Child
from graph.demo.prometheus import free_port
from tests.deploy.tools import tool

_START_S = 90.0
_TOKEN = "of-this-test-alone"  # it opens nothing else


class Cluster(AbstractContextManager["Cluster"]):
    """etcd and kube-apiserver in a folder, on ports of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self._children = ExitStack()

    def __enter__(self) -> Self:
        try:
            store = self._start("etcd", self._etcd())
            self._start("kube-apiserver", self._apiserver(store))
            self._api.wait_until(self._is_ready, _START_S)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self._children.close()

    def kubectl(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Return what kubectl says; ``given`` is its standard input."""
        server = f"https://127.0.0.1:{self._port}"
        command = [tool("kubectl"), "--server", server, "--token", _TOKEN]
        command += ["--insecure-skip-tls-verify", *arguments]
        return subprocess.run(
            command,
            input=given,
            capture_output=True,
            text=True,
            check=False,
            env={"HOME": str(self._folder), "KUBECONFIG": "/dev/null"},
        )

    def _start(self, name: str, arguments: list[str]) -> str:
        log = self._folder / f"{name}.log"
        self._api = Child(name, [tool(name), *arguments], log, cwd=self._folder)
        self._children.callback(self._api.stop)
        return arguments[-1]

    def _etcd(self) -> list[str]:
        client, peer = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
        return [
            *("--data-dir", str(self._folder / "etcd"), "--unsafe-no-fsync"),
            *("--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer),
            *("--initial-cluster", f"default={peer}"),
            *("--advertise-client-urls", client, "--listen-client-urls", client),
        ]

    def _apiserver(self, store: str) -> list[str]:
        key = self._folder / "accounts.pem"
        generate = ["openssl", "genrsa", "-out", str(key), "2048"]
        subprocess.run(generate, check=True, capture_output=True)
        tokens = self._folder / "tokens.csv"
        tokens.write_text(f"{_TOKEN},tester,1,system:masters\n")
        return [
            f"--etcd-servers={store}",
            f"--secure-port={self._port}",
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            "--endpoint-reconciler-type=none",
            f"--cert-dir={self._folder / 'certificates'}",
            f"--token-auth-file={tokens}",
            "--authorization-mode=RBAC",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={key}",
            f"--service-account-signing-key-file={key}",
            "--service-cluster-ip-range=10.0.0.0/24",
            # Nobody answers those here.
            "--disable-admission-plugins=PersistentVolumeClaimResize",
        ]

    def _is_ready(self) -> bool:
        return self.kubectl("get", "--raw", "/readyz").stdout == "ok"
