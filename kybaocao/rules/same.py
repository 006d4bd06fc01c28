"""What is declared, as the key of a cache."""

from typing import Generic, TypeVar

T = TypeVar("T")


class Same(Generic[T]):
    """A value that is equal to itself alone, which is cheaper than the hash of a whole model."""

    def __init__(self, value: T) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.value is other.value
