"""The people whom we write to at an agency."""

import re
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from kybaocao.rules.declaration import Declared, Id
from kybaocao.rules.regime.address import checked

MailAddress = Annotated[str, AfterValidator(checked)]

TELEPHONE = r"^(\+|\()?[0-9][0-9 .()/+-]*( ?(máy lẻ|ext\.?) ?[0-9]+)?$"
"""One telephone number or several, as offices write them: `(025) 3812 345`, `3812345 máy lẻ 12`."""
NO_OR_TELEPHONE = f"^$|{TELEPHONE}"
LONGEST_TELEPHONE = 64


class Role(StrEnum):
    """What a contact is to the agency; leaders and operators get no letters about reports."""

    OFFICER = "officer"
    HEAD = "head"
    LEADER = "leader"
    OPERATOR = "operator"


ROLE_NAMES = {
    Role.OFFICER: "đầu mối",
    Role.HEAD: "thủ trưởng",
    Role.LEADER: "lãnh đạo theo dõi",
    Role.OPERATOR: "quản trị hệ thống",
}


def dialled(telephone: str) -> str:
    """Return a number as a telephone takes it (RFC 3966): the first, without an extension."""
    first = re.split(r"máy|ext|[/;]| - ", telephone)[0]
    return re.sub(r"[^0-9+]", "", first)


class Contact(Declared):
    """An address at an agency; the seeds of the ledger's contacts."""

    agency: Id
    role: Role
    address: MailAddress
    name: str = Field(default="", max_length=255)
    telephone: str = Field(default="", pattern=NO_OR_TELEPHONE, max_length=LONGEST_TELEPHONE)
