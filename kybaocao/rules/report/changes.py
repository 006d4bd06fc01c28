"""What identifies a consolidation, and what a later one changed, in words for its readers."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kybaocao.rules.cells.numbers import shown
from kybaocao.rules.cells.phrases import quoted
from kybaocao.rules.cells.text import shortened
from kybaocao.rules.cycle.standing import STATE_NAMES, State
from kybaocao.rules.form.form import Figure, Form
from kybaocao.rules.form.headers import NOT_APPLICABLE
from kybaocao.rules.regime.agency import Agency

Content = Mapping[str, Any]
"""What went into a consolidation, as plain JSON: see `content`."""

Place = tuple[str, str, str]
"""Sheet, row and column of a figure."""

MOST_TOLD = 12
_LONGEST_TEXT = 60
# Who has not reported stands apart from who was excused; how often files came back does not.
_TOLD_STATES = (State.ACCEPTED, State.ACCEPTED_LATE, State.WAIVED)
_MISSING = ""
_UNASKED_OF_TOTALS = {"source", "target", "warning_until", "minimum", "maximum"}


@dataclass(frozen=True)
class Counted:
    """An agency that owes a report, how it stands, and the submission that counts, if any."""

    agency: Agency
    state: State
    submission: int | None


def content(form: Form, title: str, counted: Sequence[Counted]) -> dict[str, Any]:
    """Return what identifies a consolidation: who owes and is counted, and what is declared.

    Of an agency these are its name, level and superior, the submission that counts, and
    whether that was in time, or waived; of a row of the form all that its totals rest on.
    """
    return {
        "title": title,
        "form": f"{form.id}/{form.version}",
        "rows": {
            row.code: _mark(row.model_dump(mode="json", exclude=_UNASKED_OF_TOTALS))
            for _, row in form.indicators()
        },
        "sheets": _mark([(s.id, s.name, s.title, s.kind) for s in form.sheets]),
        "agencies": {
            one.agency.code: {
                "name": one.agency.name,
                "level": one.agency.level,
                "parent": one.agency.parent or "",
                "state": one.state.value if one.state in _TOLD_STATES else _MISSING,
                "submission": one.submission,
            }
            for one in counted
        },
    }


def identity(of: Content, previous: int) -> str:
    """Return the key of a consolidation with that content, made after the one of id `previous`.

    What comes back to an earlier state is another consolidation than that of then.
    """
    return _mark([of, previous], 64)


def _mark(value: object, length: int = 12) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def submissions_changed(before: Content, now: Content) -> set[int]:
    """Return the ids of the submissions whose figures tell what was replaced."""
    ids = set()
    for code, one in now["agencies"].items():
        was = before["agencies"].get(code, {}).get("submission")
        if None not in (was, one["submission"]) and was != one["submission"]:
            ids |= {was, one["submission"]}
    return ids


def changes(
    before: Content,
    now: Content,
    form: Form,
    figures: Mapping[int, Sequence[Figure]],
    most: int = MOST_TOLD,
) -> list[str]:
    """Return what changed since the consolidation delivered before: `most` lines, then a count.

    `figures` holds those of the submissions that `submissions_changed` names, by id.
    """
    told = [*_agencies(before, now), *_declared(before, now), *_figures(before, now, form, figures)]
    if len(told) <= most:
        return told
    return [*told[:most], f"và {len(told) - most} thay đổi khác"]


def _agencies(before: Content, now: Content) -> Iterator[str]:
    old, new = before["agencies"], now["agencies"]
    for code, one in new.items():
        was = old.get(code)
        if was is None:
            came = "; báo cáo đã được chấp nhận" if one["submission"] else ""
            yield f"{one['name']}: thêm vào danh sách đơn vị phải báo cáo{came}"
            continue
        if was["name"] != one["name"]:
            yield f"{one['name']}: tên trước đây là {quoted(was['name'])}"
        if (was["level"], was["parent"]) != (one["level"], one["parent"]):
            yield f"{one['name']}: cấp hoặc đơn vị cấp trên đã được khai báo khác trước"
        yield from _standing(was, one)
    for code in old.keys() - new.keys():
        had = ", báo cáo đã nhận không còn được tổng hợp ở đây" if old[code]["submission"] else ""
        yield f"{old[code]['name']}: không còn trong danh sách đơn vị phải báo cáo{had}"


def _standing(was: Mapping[str, Any], one: Mapping[str, Any]) -> Iterator[str]:
    name = one["name"]
    if was["submission"] is None and one["submission"] is not None:
        yield f"{name}: thêm báo cáo đã được chấp nhận"
    elif was["submission"] is not None and one["submission"] is None:
        yield f"{name}: báo cáo đã trả lại, không còn được tổng hợp"
    elif was["state"] != one["state"]:
        words = [
            STATE_NAMES[State(s)] if s else "Chưa có báo cáo" for s in (was["state"], one["state"])
        ]
        yield f"{name}: từ {quoted(words[0])} thành {quoted(words[1])}"


def _declared(before: Content, now: Content) -> Iterator[str]:
    old, new = before["rows"], now["rows"]
    changed = [code for code in new if code in old and old[code] != new[code]]
    if changed:
        yield f"Chỉ tiêu được khai báo khác trước: {', '.join(changed)}"
    if added := [code for code in new if code not in old]:
        yield f"Chỉ tiêu thêm vào biểu mẫu: {', '.join(added)}"
    if gone := [code for code in old if code not in new]:
        yield f"Chỉ tiêu không còn trong biểu mẫu: {', '.join(gone)}"
    if old == new and any(before[k] != now[k] for k in ("form", "sheets", "title")):
        yield "Tên báo cáo, phiên bản biểu mẫu hoặc trang tính được khai báo khác trước"


def _figures(
    before: Content, now: Content, form: Form, figures: Mapping[int, Sequence[Figure]]
) -> Iterator[str]:
    names = _names(form)
    for code, one in now["agencies"].items():
        was = before["agencies"].get(code, {}).get("submission")
        if None in (was, one["submission"]) or was == one["submission"]:
            continue
        old, new = _by_place(figures[was]), _by_place(figures[one["submission"]])
        places = [place for place in {**old, **new} if old.get(place) != new.get(place)]
        if not places:
            yield f"{one['name']}: thay bằng phiên bản mới, số liệu không đổi"
        for place in places:
            words = _said(old, place), _said(new, place)
            yield f"{one['name']}: {names(place)}: {words[0]} → {words[1]}"


def _by_place(figures: Sequence[Figure]) -> dict[Place, float | str | None]:
    return {(f.sheet, f.row, f.column): f.value for f in figures}


def _said(figures: Mapping[Place, float | str | None], place: Place) -> str:
    if place not in figures:
        return "(để trống)"
    value = figures[place]
    if value is None:
        return NOT_APPLICABLE
    return quoted(shortened(value, _LONGEST_TEXT)) if isinstance(value, str) else shown(value)


def _names(form: Form) -> Callable[[Place], str]:
    """Return what names a place as people know it: `TT-01 “Hồ sơ đã giải quyết”, Lũy kế`."""
    rows = {row.code: row.name for _, row in form.indicators()}
    columns = {column.id: column.name for column in form.columns}
    sheets = {sheet.id: sheet.name for sheet in form.sheets}

    def named(place: Place) -> str:
        sheet, row, column = place
        if row in rows:
            return f"{row} {quoted(rows[row])}, {columns.get(column, column)}"
        return ", ".join(filter(None, (sheets.get(sheet, sheet), row, column)))

    return named
