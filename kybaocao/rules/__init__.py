"""Decisions: pure functions and declarations. No I/O, no clock, no Prefect."""
