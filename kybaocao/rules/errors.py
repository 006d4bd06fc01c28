"""The faults that stop an act, each one clear sentence for a person."""

from collections.abc import Sequence
from dataclasses import dataclass


class KyBaoCaoError(Exception):
    """Something that a person can mend; its text is one clear sentence for that person."""


class RefusedError(KyBaoCaoError):
    """An act that the rules refuse: its text is for the operator, `told` for officials."""

    def __init__(self, said: str, told: str = "Việc này không thực hiện được.") -> None:
        super().__init__(said)
        self.told = told


class DecisionError(RefusedError):
    """What was decided does not fit the regime."""


class UnreadableFileError(KyBaoCaoError):
    """The bytes are no spreadsheet that we can read; the text says why, in Vietnamese."""


@dataclass(frozen=True, order=True)
class ConfigFault:
    """A fault in config: file (relative to the home), line (1-based, 0 unknown), and what."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return (
            f"{self.file}:{self.line}: {self.message}"
            if self.line
            else (f"{self.file}: {self.message}")
        )


class ConfigError(KyBaoCaoError):
    """Config that cannot be used; `faults` holds every fault found, in order."""

    def __init__(self, faults: Sequence[ConfigFault]) -> None:
        self.faults = sorted(faults)
        super().__init__("\n".join(map(str, self.faults)))
