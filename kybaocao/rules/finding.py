"""What a check found in a file, and the faults that stop an act."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """A blocking finding returns the file; a warning travels on with it."""

    BLOCKING = "blocking"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One fault: where it stands, what stands there, what was expected, what to do.

    `code` names the check; `sheet` and `cell` are those the sender sees (empty where the
    fault is the file's); the rest is Vietnamese for officials.
    """

    code: str
    severity: Severity
    sheet: str
    cell: str
    value: str
    expected: str
    action: str

    @property
    def is_blocking(self) -> bool:
        return self.severity is Severity.BLOCKING

    @property
    def place(self) -> str:
        """Where to look, in words: `Trang tính “3. TTHC”, ô D7`."""
        if not self.sheet:
            return "Cả tệp"
        return f"Trang tính “{self.sheet}”" + (f", ô {self.cell}" if self.cell else "")


def by_sheet(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Return findings by the name of their sheet ("" for those of the whole file), in order."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.sheet, []).append(finding)
    return found


class KyBaoCaoError(Exception):
    """Something that a person can mend; its text is one clear sentence for that person."""


class RefusedError(KyBaoCaoError):
    """An act that the rules refuse: its text is for the operator, `told` for officials."""

    def __init__(self, said: str, told: str = "Việc này không thực hiện được.") -> None:
        super().__init__(said)
        self.told = told


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
