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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run browser tests last: Playwright's loop goes on in this thread, which async tests
    would trip over."""
    items.sort(key=lambda item: item.path.parent.name == "e2e")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "prometheus: starts a real Prometheus")
    config.addinivalue_line("markers", "postgres: starts a real PostgreSQL")
    for tool in ("helm", "kubeconform", "apiserver", "rootfs"):
        config.addinivalue_line("markers", f"{tool}: needs what tests/deploy calls by this name")
    config.addinivalue_line("markers", "alone: only true when nothing else takes the machine")
    if config.getoption("--update-golden"):
        os.environ["UPDATE_GOLDEN"] = "1"
