"""Runs the simulated mesh as a process of its own: ``python -m graph.demo.simulate --help``.

Prints one line of JSON with its port once it answers, and ends on SIGTERM or SIGINT.
"""

import argparse
import json
import signal
import sys
import time
from collections.abc import Sequence

from graph.demo.conditions import EffectError
from graph.demo.fields import TopologyError
from graph.demo.scenarios import NAMES, ScenarioError, mesh_of
from graph.demo.server import MeshServer
from graph.demo.simulator import Options, Simulator
from graph.demo.synth import LARGEST, SMALLEST, synthesize
from graph.demo.topology import Topology, join


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to stop; return the exit code."""
    given = _parser().parse_args(arguments)
    options = Options(given.scenario, given.seed, given.load, given.phase_offset)
    try:
        simulator = Simulator(
            mesh_with(given.scenario, given.services, given.seed), options, time.time()
        )
        server = MeshServer(simulator, given.port, compress=given.compress)
    except (TopologyError, ScenarioError, EffectError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"port {given.port} cannot be had: {error}\n")
        return 1
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.stop())
    sys.stdout.write(json.dumps({"port": server.port}) + "\n")
    sys.stdout.flush()
    server.run()
    return 0


def mesh_with(scenario: str, services: int, seed: int) -> Topology:
    """Return the scenario's mesh, and beside it a made-up one of this many services."""
    named = mesh_of(scenario)
    return join([named, synthesize(services, seed)]) if services else named


def services_count(text: str) -> int:
    """Return a number of synthetic services: none, or a number that makes a mesh."""
    if text == "0" or (text.isdecimal() and SMALLEST <= int(text) <= LARGEST):
        return int(text)
    raise argparse.ArgumentTypeError(
        f"{text!r} services: a whole number from {SMALLEST} to {LARGEST} needed, or 0 for none"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m graph.demo.simulate", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument(
        "--scenario", default="steady", help=f"one of {', '.join(NAMES)}; NAME:full skips its ramp"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--services", type=services_count, default=0, help="synthetic services")
    parser.add_argument("--load", type=float, default=1.0, help="factor on every request rate")
    parser.add_argument("--phase-offset", type=float, default=0.0, help="seconds into the scenario")
    parser.add_argument("--compress", action=argparse.BooleanOptionalAction, default=True)
    return parser


if __name__ == "__main__":
    sys.exit(main())
