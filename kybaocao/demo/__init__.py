"""A reporting cycle played from end to end, on figures that a seed determines."""

from kybaocao.demo.story import play

__all__ = ["play"]
