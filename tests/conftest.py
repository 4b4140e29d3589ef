"""Options and markers of the whole test suite."""

import os

import hypothesis
import pytest

# How long an example takes says more about the machine than about the code.
hypothesis.settings.register_profile("meshviz", deadline=None)
hypothesis.settings.load_profile("meshviz")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write tests/golden anew instead of comparing with it",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "prometheus: starts a real Prometheus")
    if config.getoption("--update-golden"):
        os.environ["UPDATE_GOLDEN"] = "1"
