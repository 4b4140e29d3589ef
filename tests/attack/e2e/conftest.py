"""The browser of the other browser tests."""

from tests.e2e.conftest import browser, shots

__all__ = ["browser", "shots"]
