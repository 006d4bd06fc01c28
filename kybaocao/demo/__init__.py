"""A reporting cycle played from end to end, on figures that a seed determines."""
