"""Reorganisations: who owes, who answers for those that ended, and whose figures compare."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kybaocao.rules.calendar.period import Period
from kybaocao.rules.calendar.workdays import ONE_DAY, WorkCalendar
from kybaocao.rules.cycle.obligation import obligations, term
from kybaocao.rules.declared.declared import succession_faults
from kybaocao.rules.regime.agency import Agency, Succession
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.regime.succession import answerable, forerunners, joined
from tests.rules.regime_cast import agency, duty, regime

MARCH, JULY = date(2017, 3, 1), date(2017, 7, 1)
BEFORE, BETWEEN, AFTER = date(2016, 12, 14), date(2017, 6, 14), date(2017, 9, 14)
CALENDAR = WorkCalendar({}, {})


def move(first: str, second: str, day: date = MARCH, **of: object) -> Succession:
    declared = {"scope": "toàn bộ", "whole": True, "heir": True, "source": "Nghị quyết"} | of
    return Succession.model_validate(
        {"predecessor": first, "successor": second, "day": day} | declared
    )


def part(first: str, second: str, day: date = MARCH, *, heir: bool = False) -> Succession:
    return move(first, second, day, scope="một phần", whole=False, heir=heir)


def reorganised(agencies: Sequence[Agency], moves: Sequence[Succession]) -> Regime:
    of = regime(duty(), agencies=tuple(agencies))
    return of.holding(of.agencies, (), tuple(moves))


def lived(code: str, since: date | None = None, until: date | None = None) -> Agency:
    return agency(code, since=since, until=until)


# An example of each kind: two become one, and that one merges again; one becomes several.

MERGED_TWICE = reorganised(
    [
        lived("tai-chinh", until=MARCH - ONE_DAY),
        lived("ke-hoach", until=MARCH - ONE_DAY),
        lived("kinh-te", since=MARCH, until=JULY - ONE_DAY),
        lived("thue", until=JULY - ONE_DAY),
        lived("ngan-sach", since=JULY),
    ],
    [
        move("tai-chinh", "kinh-te"),
        move("ke-hoach", "kinh-te"),
        move("kinh-te", "ngan-sach", JULY),
        move("thue", "ngan-sach", JULY),
    ],
)
SPLIT = reorganised(
    [
        lived("lao-dong", until=MARCH - ONE_DAY),
        lived("noi-vu"),
        lived("y-te"),
        lived("dan-toc", since=MARCH),
        lived("tu-phap"),
    ],
    [
        part("lao-dong", "noi-vu", heir=True),
        part("lao-dong", "y-te"),
        part("noi-vu", "dan-toc"),
    ],
)
DISTRICT = reorganised(
    [lived("huyen", until=JULY - ONE_DAY), lived("xa-1", since=JULY), lived("xa-2", since=JULY)],
    [part("huyen", "xa-1", JULY), part("huyen", "xa-2", JULY)],
)


def test_the_examples_are_sound() -> None:
    for of in (MERGED_TWICE, SPLIT, DISTRICT):
        assert list(succession_faults(of.agencies, of.successions)) == []


@pytest.mark.parametrize(
    ("of", "code", "day", "expected"),
    [
        (MERGED_TWICE, "tai-chinh", MARCH - ONE_DAY, "tai-chinh"),
        (MERGED_TWICE, "tai-chinh", MARCH, "kinh-te"),
        (MERGED_TWICE, "tai-chinh", JULY, "ngan-sach"),
        (SPLIT, "lao-dong", MARCH, "noi-vu"),
        (SPLIT, "noi-vu", MARCH, "noi-vu"),
        (DISTRICT, "huyen", JULY - ONE_DAY, "huyen"),
        (DISTRICT, "huyen", JULY, None),
        (DISTRICT, "xa-1", MARCH, "xa-1"),
    ],
)
def test_open_reports_pass_to_the_heir(
    of: Regime, code: str, day: date, expected: str | None
) -> None:
    found = answerable(of, code, day)
    assert (found.code if found else None) == expected


@pytest.mark.parametrize(
    ("code", "after", "until", "expected"),
    [
        ("kinh-te", BEFORE, BETWEEN, ("tai-chinh", "ke-hoach")),
        ("ngan-sach", BETWEEN, AFTER, ("kinh-te", "thue")),
        ("ngan-sach", BEFORE, AFTER, ("tai-chinh", "ke-hoach", "thue")),
        ("ngan-sach", AFTER, AFTER + ONE_DAY, ("ngan-sach",)),
    ],
)
def test_whole_mergers_are_traced_back_to_the_first(
    code: str, after: date, until: date, expected: tuple[str, ...]
) -> None:
    found = forerunners(MERGED_TWICE, code, after, until)
    assert set(found.agencies) == set(expected)
    assert found.split == ()


@pytest.mark.parametrize(
    ("code", "split"),
    [("noi-vu", 2), ("y-te", 1), ("dan-toc", 1), ("tu-phap", 0)],
    ids=["took and gave", "took", "began with a part", "untouched"],
)
def test_a_part_that_moved_in_or_out_must_be_split_by_a_person(code: str, split: int) -> None:
    assert len(forerunners(SPLIT, code, BEFORE, BETWEEN).split) == split
    assert forerunners(SPLIT, code, BETWEEN, AFTER).split == ()


def test_a_part_taken_before_a_whole_merger_still_must_be_split() -> None:
    of = reorganised(
        [lived("a"), lived("b", until=JULY - ONE_DAY), lived("c", since=JULY)],
        [part("a", "b"), move("b", "c", JULY)],
    )
    (found,) = forerunners(of, "c", BEFORE, AFTER).split
    assert (found.predecessor, found.successor) == ("a", "b")


def test_what_joined_is_told_in_order_of_days() -> None:
    found = joined(MERGED_TWICE, "ngan-sach", BEFORE, AFTER)
    assert [s.predecessor for s in found] == ["kinh-te", "thue"]
    assert joined(MERGED_TWICE, "ngan-sach", JULY, AFTER) == []


# What cannot be


@pytest.mark.parametrize(
    ("moves", "words"),
    [
        ([move("a", "x")], "expected a code of agencies.csv, found 'x'"),
        ([move("a", "a")], "a cannot succeed itself"),
        ([move("a", "late")], "late does not exist on 2017-03-01"),
        ([move("a", "b", JULY)], "a has nothing to give: expected a day of its life, 2017-03-01"),
        ([move("late", "b")], "late has nothing to give: expected a day of its life"),
        ([move("b", "c")], "b goes on after 2017-02-28, so that none took the whole"),
        ([part("b", "c", heir=True)], "b goes on after 2017-02-28, so that nobody inherits"),
        ([move("a", "b", heir=False), part("a", "c")], "so that none took the whole"),
        ([part("a", "b", heir=True), part("a", "c", heir=True)], "a has two heirs"),
        ([part("a", "b"), part("a", "b")], "a goes to b twice; put both scopes in one row"),
    ],
)
def test_faults_of_successions(moves: list[Succession], words: str) -> None:
    of = reorganised(
        [lived("a", until=MARCH - ONE_DAY), lived("b"), lived("c"), lived("late", since=JULY)],
        moves,
    )
    assert any(words in message for _, message in succession_faults(of.agencies, of.successions))


def test_a_part_may_move_from_who_ends_only_later() -> None:
    of = reorganised(
        [lived("a", until=JULY - ONE_DAY), lived("b"), lived("c")],
        [part("a", "b"), part("a", "c", JULY, heir=True)],
    )
    assert list(succession_faults(of.agencies, of.successions)) == []


# Laws, for any history of reorganisations


@dataclass(frozen=True)
class History:
    """A reorganised province, and the days on which something changed."""

    regime: Regime
    days: Sequence[date]


FIRST = date(2016, 1, 4)


@st.composite
def histories(draw: st.DrawFn, whole_only: bool = False) -> History:
    """Any history in which agencies merge, end in several, end in none, or give a part away."""
    alive = {f"a{n}": None for n in range(draw(st.integers(2, 6)))}
    since: dict[str, date | None] = dict(alive)
    until: dict[str, date] = {}
    moves: list[Succession] = []
    days: list[date] = []
    day = FIRST
    for n in range(draw(st.integers(0, 4))):
        day += timedelta(days=draw(st.integers(1, 200)))
        days.append(day)
        acts = ["merge", "absorb"] if whole_only else ["merge", "absorb", "scatter", "give", "end"]
        act = draw(st.sampled_from(acts))
        chosen = draw(st.lists(st.sampled_from(sorted(alive)), min_size=2, max_size=4, unique=True))
        first, *others = chosen
        if act in ("merge", "scatter"):
            new = f"n{n}"
            alive[new], since[new] = None, day
        if act == "merge":
            gone, heirs = chosen, [move(code, new, day) for code in chosen]
        elif act == "absorb":
            gone, heirs = others, [move(code, first, day) for code in others]
        elif act == "scatter":
            targets = [new, *others]
            heir = draw(st.sampled_from([*targets, ""]))
            gone, heirs = [first], [part(first, t, day, heir=t == heir) for t in targets]
        elif act == "give":
            gone, heirs = [], [part(first, others[0], day)]
        else:
            gone, heirs = [first], []
        moves += heirs
        for code in gone:
            until[code] = day - ONE_DAY
            del alive[code]
        if len(alive) < 2:
            break
    agencies = [lived(code, since[code], until.get(code)) for code in since]
    return History(reorganised(agencies, moves), days)


def any_day(history: History) -> st.SearchStrategy[date]:
    """Any day, those around a change often."""
    near = [d + timedelta(days=n) for d in history.days or [FIRST] for n in (-1, 0, 1)]
    return st.sampled_from(near) | st.dates(date(2015, 12, 1), date(2018, 12, 31))


@given(histories())
def test_the_generated_histories_are_sound(history: History) -> None:
    assert list(succession_faults(history.regime.agencies, history.regime.successions)) == []


@given(st.data(), histories())
def test_an_ended_agency_is_answered_for_by_one_alive_or_by_a_person(
    data: st.DataObject, history: History
) -> None:
    of, day = history.regime, data.draw(any_day(history))
    for code, declared in of.agencies.items():
        if declared.since is not None and day < declared.since:
            continue
        found = answerable(of, code, day)
        assert found is None or found.exists_on(day)
        if declared.exists_on(day):
            assert found is declared
        elif found is not None:
            assert any(s.heir for s in of.successions if s.predecessor == code)


@given(st.data(), histories())
def test_who_answers_does_not_change_with_the_way_there(
    data: st.DataObject, history: History
) -> None:
    of = history.regime
    early, late = sorted([data.draw(any_day(history)), data.draw(any_day(history))])
    for code in of.agencies:
        between = answerable(of, code, early)
        if between is not None:
            assert answerable(of, between.code, late) == answerable(of, code, late)


@given(histories())
@settings(max_examples=50)
def test_each_report_belongs_to_one_agency_alive_on_its_due_day(history: History) -> None:
    of = history.regime
    for index in range(1, 5):
        due = term(of, of.duties[0], Period.parse(f"2016-Q{index}"), CALENDAR)
        owed = obligations(of, of.duties[0], due)
        counted = Counter(o.agency for o in owed)
        alive = {c for c, a in of.agencies.items() if a.exists_on(due.due.last_day)}
        assert set(counted) == alive
        assert all(count == 1 for count in counted.values())


def compared(of: Regime, figures: Mapping[str, int], day: date, until: date) -> dict[str, int]:
    """Return the sum that stands before each agency alive on `until` that compares at all."""
    found = {
        c: forerunners(of, c, day, until) for c, a in of.agencies.items() if a.exists_on(until)
    }
    return {c: sum(figures[code] for code in f.agencies) for c, f in found.items() if not f.split}


@given(st.data(), histories(whole_only=True))
def test_whole_mergers_keep_every_sum(data: st.DataObject, history: History) -> None:
    of = history.regime
    after, until = sorted([data.draw(any_day(history)), data.draw(any_day(history))])
    alive = [code for code, a in of.agencies.items() if a.exists_on(after)]
    figures = {code: data.draw(st.integers(0, 1000)) for code in alive}
    assert sum(compared(of, figures, after, until).values()) == sum(figures.values())


@given(st.data(), histories())
def test_no_figure_is_counted_twice_and_none_of_a_split_one(
    data: st.DataObject, history: History
) -> None:
    of = history.regime
    after, until = sorted([data.draw(any_day(history)), data.draw(any_day(history))])
    found = [forerunners(of, c, after, until) for c, a in of.agencies.items() if a.exists_on(until)]
    whole = [code for f in found if not f.split for code in f.agencies]
    assert len(whole) == len(set(whole))
    for code in whole:
        assert of.agencies[code].exists_on(after)
        gave = [s for s in of.successions if s.predecessor == code and after < s.day <= until]
        assert all(s.whole for s in gave)
