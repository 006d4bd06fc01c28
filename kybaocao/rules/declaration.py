"""What every part of the configuration is: immutable, closed to words that it does not know."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

CODE = r"^[a-z0-9]+(-[a-z0-9]+)*$"


Id = Annotated[str, Field(pattern=CODE, max_length=64)]


class Declared(BaseModel):
    """A part of the configuration: immutable, and closed to words it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


KeyPath = Sequence[str | int]
"""Where something stands in a declaration: the keys and indexes that lead to it."""

Fault = tuple[KeyPath, str]
"""A place in a declaration, and what was expected there."""
