"""Decisions: pure functions and declarations. No I/O, no clock, no Prefect.

Anybody may import from any room; among themselves they may look down only (pyproject.toml).
"""
