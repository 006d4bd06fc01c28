"""Tasks that a decision assigns: who leads, who helps, and the deadline in whatever form."""

from pydantic import Field

from kybaocao.rules.agency import Declared


class Task(Declared):
    """One task of a decision's list, as a row of tasks.csv gives it."""

    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    leads: str = ""
    coordinating: str = ""
    others: str = ""
    deadline: str = ""
    stated: str = ""
    source: str = Field(min_length=1)
