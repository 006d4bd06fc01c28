"""Faults of config, all at once and with their lines, and the configuration as a whole."""
