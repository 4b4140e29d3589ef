"""A real Prometheus that computes recording rules."""

import os
import signal
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import requests
import yaml

from graph.demo.prometheus import (
    Setup,
    find_prometheus,
    free_port,
    is_ready,
    start_prometheus,
)
from tests.stack import START_S, wait_until

Group = Mapping[str, Any]


@dataclass(frozen=True)
class _Ruled(Setup):
    """A setup with a file of rules beside its configuration."""

    @property
    def rules(self) -> Path:
        return self.folder / "rules.yaml"

    def config(self) -> str:
        return Setup.config(self) + yaml.safe_dump({"rule_files": [str(self.rules)]})


class Computing(AbstractContextManager["Computing"]):
    """A Prometheus with rules; it scrapes the mesh at a port, or has its data already."""

    def __init__(self, folder: Path, mesh_port: int | None = None) -> None:
        port = mesh_port or free_port()
        if mesh_port is None:
            self._setup = _Ruled(folder / "prometheus", free_port(), port, 1.0, jobs=())
        else:
            self._setup = _Ruled(folder / "prometheus", free_port(), port, 1.0)

    @property
    def url(self) -> str:
        return self._setup.url

    @property
    def data(self) -> Path:
        return self._setup.data

    def __enter__(self) -> Self:
        self._setup.folder.mkdir(parents=True, exist_ok=True)
        self._setup.rules.touch()
        self._child = start_prometheus(find_prometheus(), self._setup)
        self._child.wait_until(lambda: is_ready(self._setup), START_S)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._child.stop()

    def load(self, groups: Sequence[Group], *, every: str = "1s") -> None:
        """Compute these groups from now on, as often as a test can wait for."""
        quick = [
            {**group, "name": f"{number}-{group['name']}", "interval": every}
            for number, group in enumerate(groups)
        ]
        self._setup.rules.write_text(yaml.safe_dump({"groups": quick}))
        os.kill(self._child.pid, signal.SIGHUP)
        wanted = sorted(group["name"] for group in quick)
        wait_until(lambda: self._groups() == wanted, what="Prometheus reads its rules")

    def _groups(self) -> list[str]:
        data = requests.get(f"{self.url}/api/v1/rules", timeout=5).json()["data"]
        return sorted(group["name"] for group in data["groups"])

    def ask(self, promql: str, at: float | None = None) -> list[Mapping[str, Any]]:
        form = {"query": promql, "time": at or time.time()}
        body = requests.post(f"{self.url}/api/v1/query", data=form, timeout=30).json()
        return body["data"]["result"]  # type: ignore[no-any-return]
