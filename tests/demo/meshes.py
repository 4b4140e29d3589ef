"""Small meshes for the tests of the demo, written as topology files are."""

from pathlib import Path

from graph.demo.loader import load, load_all
from graph.demo.plan import Plan, compile_plan
from graph.demo.simulator import Options, Simulator
from graph.demo.topology import Topology

STARTED = 1_000_000.0

SHOP = """
namespace: shop
workloads:
  edge: {app: edge, mode: gateway}
  front-v1: {app: front, version: v1, pods: 2}
  back-v1: {app: back, version: v1}
  back-v2: {app: back, version: v2}
  store: {app: store}
  old: {app: old, mode: none}
services:
  front: {workloads: {front-v1: 1}}
  back: {workloads: {back-v1: 3, back-v2: 1}}
  store: {workloads: {store: 1}}
hosts:
  pay.example.com: {latency: {median_ms: 40}}
calls:
  - {from: edge, to: front, protocol: http, rps: 40}
  - {from: old, to: front, protocol: http, rps: 10}
  - {from: front-v1, to: back, protocol: grpc, per_request: 1.5, critical: true}
  - {from: back-v1, to: store, protocol: tcp, per_request: 1, connections: 0.5}
  - {from: front-v1, to: pay.example.com, protocol: http, per_request: 0.2, errors: {"503/UF": 0.5}}
"""


def write(folder: Path, text: str, name: str = "mesh.yaml") -> Path:
    """Write a topology file and return its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def shop(folder: Path) -> Topology:
    """Return a mesh with one of everything."""
    return load([write(folder, SHOP)])


def plan(folder: Path) -> Plan:
    """Return the compiled shop."""
    return compile_plan(shop(folder))


def run(topology: Topology, steps: int, **options: object) -> Simulator:
    """Return a simulator that has done this many steps."""
    simulator = Simulator(topology, Options(**options), STARTED)  # type: ignore[arg-type]
    for _ in range(steps):
        simulator.step()
    return simulator


def named() -> Topology:
    """Return the named applications of the demo."""
    return load_all()


def page(simulator: Simulator, workload: str) -> dict[str, dict[str, float]]:
    """Return what the first pod of a workload exposes: metric name -> label text -> value."""
    slot = int(simulator.plan.first_pod[simulator.plan.workload_index[workload]])
    return parse(simulator.exposition.page([slot]).decode())


def parse(text: str) -> dict[str, dict[str, float]]:
    """Return metric name -> label text -> value."""
    found: dict[str, dict[str, float]] = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        series, _, value = line.rpartition(" ")
        name, _, labels = series.partition("{")
        found.setdefault(name, {})[labels.removesuffix("}")] = float(value)
    return found
