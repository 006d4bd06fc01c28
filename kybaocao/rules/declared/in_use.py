"""Forms held against what is in use: a version that reports are on stays, and keeps its sense."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kybaocao.rules.form.form import Form
from kybaocao.rules.form.versions import Change, Meaning, changes

_IN_PLACE = (Change.MOVED, Change.ADDING)
"""What may change within a version, since no figure that was sent means another thing then."""


def in_use_faults(
    forms: Mapping[tuple[str, int], Form],
    used: Mapping[tuple[str, int], Sequence[tuple[str, int]]],
    known: Mapping[tuple[str, int], Mapping[str, Meaning]],
) -> Iterator[str]:
    """Yield each version that is lost, or whose codes no longer mean what they did.

    `used` gives, by form and version, the terms whose reports are on it with how many are;
    `known` what codes meant when a version was first used.
    """
    for form_id, version in sorted(used.keys() | known.keys()):
        name = f"form {form_id}, version {version}"
        if (form_id, version) not in forms:
            terms = used.get((form_id, version), ())
            told = "; ".join(f"{term}: {count}" for term, count in terms) or "none yet"
            yield (
                f"{name} is missing, though agencies have its workbook (reports on it: {told}); "
                "keep its file, and put a new version beside it in a file of its own"
            )
        elif (form_id, version) in known:
            yield from _senses(name, known[form_id, version], forms[form_id, version])


def _senses(name: str, known: Mapping[str, Meaning], form: Form) -> Iterator[str]:
    for one in changes(known, form):
        if one.change in _IN_PLACE or (one.change is Change.RENAMED and not one.is_refused):
            continue
        found = f"'{one.before}' became '{one.now}'"
        if one.change in (Change.ADDED, Change.GONE):
            found = f"{'new' if one.change is Change.ADDED else 'gone'} ('{one.now or one.before}')"
        yield (
            f"{name} is in use, and {one.code} is another in it: {found}; put the change into a "
            "new version beside it, or declare a wording that changed alone as `was`"
        )


def as_known(
    stored: Iterable[tuple[tuple[str, int], Mapping[str, Mapping[str, str]]]],
) -> dict[tuple[str, int], dict[str, Meaning]]:
    """Return stored meanings as such."""
    return {
        key: {code: Meaning(**meaning) for code, meaning in codes.items()} for key, codes in stored
    }
