"""Who may do what in the portal: the capacity in which somebody comes."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from kybaocao.rules.regime.contact import Role
from kybaocao.rules.regime.regime import Regime


class Capacity(StrEnum):
    """An agency's people see its reports; the others see everyone's, and only some may act."""

    AGENCY = "agency"
    SECRETARIAT = "secretariat"
    LEADER = "leader"
    OPERATOR = "operator"


@dataclass(frozen=True)
class Visitor:
    """Who came in: an address, acting for one agency of one regime.

    `paths` are the pages to which letters' links led; None for someone who signed in.
    """

    regime: str
    agency: str
    address: str
    name: str
    capacity: Capacity
    paths: frozenset[str] | None = None

    def may_open(self, page: str) -> bool:
        """Return whether what they came in with leads to a page such as `/bao-cao/12`."""
        return self.paths is None or page in self.paths

    @property
    def sees_all(self) -> bool:
        return self.capacity is not Capacity.AGENCY

    @property
    def decides(self) -> bool:
        """Whether they may return, grant, remind, ask, and place what waits."""
        return self.capacity is Capacity.SECRETARIAT

    @property
    def keeps_contacts(self) -> bool:
        return self.capacity in (Capacity.SECRETARIAT, Capacity.OPERATOR)


def capacity_of(regime: Regime, agency: str, roles: Iterable[Role]) -> Capacity | None:
    """Return in which capacity someone with these roles at an agency comes; None without a role.

    Officers of the secretariat run the cycle; its head, and whoever is named a leader, reads.
    """
    held = set(roles)
    if not held:
        return None
    if agency == regime.secretariat and Role.OFFICER in held:
        return Capacity.SECRETARIAT
    if Role.OPERATOR in held:
        return Capacity.OPERATOR
    if Role.LEADER in held or agency == regime.secretariat:
        return Capacity.LEADER
    return Capacity.AGENCY
