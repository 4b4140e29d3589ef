"""Scenarios with a mesh of their own: one shape of telemetry each, small enough to look through."""

from graph.demo.scenario import Scenario

SCENES: tuple[Scenario, ...] = ()
