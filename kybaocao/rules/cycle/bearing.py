"""What a file is to those that came before it for its report: a repeat, or a new version."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from kybaocao.rules.cycle.standing import Verdict


class Sent(Protocol):
    """A version as far as the rule looks: `given_back` if a person returned it after it counted."""

    @property
    def version(self) -> int: ...
    @property
    def sha256(self) -> str: ...
    @property
    def verdict(self) -> Verdict: ...
    @property
    def given_back(self) -> bool: ...


Version = TypeVar("Version", bound=Sent)


@dataclass(frozen=True)
class Bearing:
    """What a file is: a repeat of version `repeats`, or a new one, with its `reason` if it has one.

    `unexplained` is the accepted version in whose place it would count, did it say why.
    """

    repeats: int | None = None
    unexplained: int | None = None
    reason: str = ""


def counted(versions: Sequence[Version]) -> Version | None:
    """Return the version that counts: the latest accepted one, or None."""
    return next((v for v in reversed(versions) if v.verdict is Verdict.ACCEPTED), None)


def doubted(versions: Sequence[Version]) -> Version | None:
    """Return the version that a person gave back last, unless one has counted since."""
    if counted(versions) is not None:
        return None
    return next((v for v in reversed(versions) if v.given_back), None)


def bearing(
    sha256: str, is_good: bool, said: str, written: str, versions: Sequence[Sent]
) -> Bearing:
    """Return what a file is to the versions before it, oldest first.

    The same bytes are not the same act: only the version that counts is repeated by them. What
    is good takes its place with a reason, `said` beside the file or `written` in it; one that
    was `written` into bytes which counted before is no word about today. Bytes that a person
    gave back, and after which nothing counted, count again only if something is said.
    """
    said, written = said.strip(), written.strip()
    counts = counted(versions)
    if counts is not None and counts.sha256 == sha256:
        return Bearing(repeats=counts.version, reason=said)
    if not is_good:
        return Bearing(reason=said)
    if counts is None:
        given_back = doubted(versions)
        if given_back is not None and given_back.sha256 == sha256 and not said:
            return Bearing(repeats=given_back.version)
        return Bearing(reason=said)
    did_count = any(
        v.sha256 == sha256 and (v.given_back or v.verdict is Verdict.ACCEPTED) for v in versions
    )
    reason = said or ("" if did_count else written)
    return Bearing(reason=reason) if reason else Bearing(unexplained=counts.version)
