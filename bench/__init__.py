"""Measures the budgets of docs/performance.md as ratios within one run: ``python -m bench``."""
