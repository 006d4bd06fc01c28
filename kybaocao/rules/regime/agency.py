"""Agencies, and what became of those that ended."""

from datetime import date

from pydantic import Field, model_validator

from kybaocao.rules.declaration import Declared, Id
from kybaocao.rules.regime.level import LevelId


class Agency(Declared):
    """An organisation that reports or receives; `since` and `until` bound its existence.

    `desk` is the agency through which reports for this one go.
    """

    code: Id
    name: str = Field(min_length=1)
    short: str = Field(min_length=1)
    level: LevelId
    parent: Id | None = None
    desk: Id | None = None
    since: date | None = None
    until: date | None = None
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> "Agency":
        if self.since and self.until and self.until < self.since:
            raise ValueError("`until` is before `since`")
        if self.code == self.parent:
            raise ValueError("an agency is not its own parent")
        return self

    def exists_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


class Succession(Declared):
    """Work that went from one agency to another on `day`, the first of the new state.

    `whole` means that everything the first did went to the second; `heir` that the second
    answers for the reports which the first still owes.
    """

    predecessor: Id
    successor: Id
    day: date
    scope: str = Field(min_length=1)
    whole: bool
    heir: bool
    source: str = Field(min_length=1)
