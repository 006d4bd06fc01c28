"""Every finding there is: its code, how severe it is, where it is made, what it means.

It stands below all rooms that find something, so that recognition, checks, lists and acts build
their findings from it and none can give a code another severity.
"""

from enum import StrEnum

from kybaocao.rules.finding import Finding, Severity

_BLOCKS, _WARNS = (Severity.BLOCKING,), (Severity.WARNING,)
# What warns until a day, or as the form's rule says.
_EITHER = (Severity.BLOCKING, Severity.WARNING)

_SHAPE = "rules.recognition.sheet_shape"
_WHICH = "rules.recognition.recognising"
_SKELETON = "rules.check.skeleton"
_GIVEN = "rules.check.given_rows"
_ANSWERS = "rules.check.answers"
_TOLD = "rules.check.told"
_LABELS = "rules.check.labels"
_CHECKS = "rules.check.checks"
_SUMS = "rules.check.arithmetic"
_HISTORY = "rules.check.history"
_TREND = "rules.check.trend"
_NEWER = "rules.form.newer_form"
_LIST = "rules.form_list.form_list"
_TABLE = "rules.form_list.table"
_REFERENCES = "rules.form_list.references"
_ROWS = "rules.form_list.rows"
_RULES = "rules.form_list.rules"
_VERDICT = "steps.intake.verdict"
_RECEIVE = "steps.intake.receive"
_CASE = "steps.intake.case"
_LAST = "steps.intake.last_period"


class Code(StrEnum):
    """One kind of finding: how severe (the usual first), the modules it comes from, its sense."""

    severities: tuple[Severity, ...]
    made_in: frozenset[str]
    meaning: str

    def __new__(
        cls, value: str, severities: tuple[Severity, ...], made_in: str, meaning: str
    ) -> "Code":
        code = str.__new__(cls, value)
        code._value_ = value
        code.severities, code.meaning = severities, meaning
        code.made_in = frozenset(made_in.split())
        return code

    def finding(
        self,
        sheet: str,
        cell: str,
        value: str,
        expected: str,
        action: str,
        severity: Severity | None = None,
    ) -> Finding:
        """Return such a finding, of the code's usual severity unless told another of its own.

        Raises ValueError if the register does not know the code with that severity.
        """
        severity = severity or self.severities[0]
        if severity not in self.severities:
            raise ValueError(f"{self.value} is never {severity.value}")
        return Finding(self.value, severity, sheet, cell, value, expected, action)

    # The file, and which report it is.
    UNREADABLE = (
        "unreadable",
        _BLOCKS,
        "steps.intake.judge steps.intake.import_form commands.act",
        "no reader opens the file",
    )
    UNKNOWN_REPORT = "unknown-report", _BLOCKS, _VERDICT, "its identity names no report of ours"
    TWO_READINGS = "two-readings", _BLOCKS, _VERDICT, "its titles fit several reports"
    NO_IDENTITY = "no-identity", _BLOCKS, _VERDICT, "neither identity nor titles say what it is"
    RECOGNISED = "recognised", _WARNS, _VERDICT, "its identity is gone; its titles told"
    WRONG_SENDER = "wrong-sender", _BLOCKS, _WHICH, "it was issued to another than its sender"
    WRONG_AGENCY = "wrong-agency", _BLOCKS, _WHICH, "a title names another agency"
    WRONG_PERIOD = "wrong-period", _BLOCKS, _WHICH, "a title names another period"
    NOT_JUDGED = "not-judged", _BLOCKS, _RECEIVE, "a fault of ours kept it from being judged"
    NOT_OWED = "not-owed", _BLOCKS, _RECEIVE, "the report is not open, or not theirs to give"
    NEEDS_REASON = "needs-reason", _BLOCKS, _CASE, "it replaces an accepted one without a word"
    HOLDS_CODE = "holds-code", _BLOCKS, _CASE, "macros in a file that is handed on whole"
    GIVEN_BACK = "given-back", _BLOCKS, "steps.intake.answer", "a person returned an accepted one"
    LAST_PERIOD_FILE = "last-period-file", _BLOCKS, _LAST, "it is the last period's, sent again"
    SAME_AS_LAST = "same-as-last-period", _WARNS, _LAST, "every figure equals the last period's"

    # Its sheets, rows and columns.
    MISSING_SHEET = "missing-sheet", _BLOCKS, _SKELETON, "a sheet of the form is gone"
    MISSING_COLUMN = (
        "missing-column",
        _BLOCKS,
        f"{_SKELETON} {_TABLE}",
        "a header is gone that the sheet needs",
    )
    DUPLICATE_COLUMN = (
        "duplicate-column",
        _BLOCKS,
        f"{_SKELETON} {_TABLE}",
        "a header stands twice in its row",
    )
    MISSING_ROW = "missing-row", _EITHER, f"{_SKELETON} {_GIVEN}", "a row of the form is gone"
    DUPLICATE_ROW = "duplicate-row", _BLOCKS, f"{_SKELETON} {_GIVEN}", "a row stands twice"
    CHANGED_ROW = "changed-row", _BLOCKS, _GIVEN, "a locked text of an issued row was changed"
    WRONG_CODE = "wrong-code", _BLOCKS, _SKELETON, "code and label belong to two rows"
    UNKNOWN_ROW = "unknown-row", _WARNS, _SKELETON, "a code that the form does not have"
    DUPLICATE_SHEET = "duplicate-sheet", _BLOCKS, _SHAPE, "two sheets answer differently"
    DUPLICATE_HEADER = "duplicate-header", _BLOCKS, _SHAPE, "two header rows place columns apart"
    HIDDEN_SHEET = "hidden-sheet", _WARNS, _SHAPE, "a sheet with answers does not show"
    HIDDEN_ROWS = "hidden-rows", _WARNS, _SHAPE, "rows with answers do not show"
    HIDDEN_COLUMNS = "hidden-columns", _WARNS, _SHAPE, "columns with answers do not show"
    CODE_LOST = "code-lost", _WARNS, _SHAPE, "rows known by their label alone"
    MERGED_INPUT = "merged-input", _EITHER, _SHAPE, "an input lies under a merged area"
    OUTSIDE_TABLE = "outside-table", _WARNS, _SHAPE, "something stands beside the table"
    UNASKED_FIGURE = "unasked-figure", _WARNS, _SHAPE, "a figure in a cell that asks for none"
    UNREAD_SHEET = "unread-sheet", _WARNS, _SHAPE, "a sheet that is none of the form's"
    NEW_IN_FORM = "new-in-form", _WARNS, _NEWER, "an old form's file lacks what the new one asks"
    UNIT_CHANGED = "unit-changed", _BLOCKS, _NEWER, "an old form counts in another unit"

    # One cell.
    REQUIRED_BLANK = "required-blank", _EITHER, _CHECKS, "an input that must be filled is blank"
    WRONG_UNIT = "wrong-unit", _BLOCKS, _ANSWERS, "a number typed with another unit"
    UNEXPECTED_PERCENT = "unexpected-percent", _BLOCKS, _ANSWERS, "a percentage for a count"
    NOT_INTEGER = "not-integer", _BLOCKS, _ANSWERS, "a fraction for a count"
    OUT_OF_RANGE = "out-of-range", _BLOCKS, _ANSWERS, "a number outside its bounds"
    FORMULA_WITHOUT_VALUE = (
        "formula-without-value",
        _BLOCKS,
        f"{_ANSWERS} {_TOLD}",
        "no result is kept",
    )
    NOT_A_NUMBER = "not-a-number", _BLOCKS, _ANSWERS, "text or an error for a number"
    AMBIGUOUS_NUMBER = "ambiguous-number", _BLOCKS, _ANSWERS, "a number with two readings"
    NOT_A_DATE = "not-a-date", _BLOCKS, _ANSWERS, "no day can be read"
    DAY_TO_COME = "day-to-come", _EITHER, _CHECKS, "a day that had not come when it was received"
    NOT_A_CHOICE = "not-a-choice", _BLOCKS, _ANSWERS, "none of the choices"
    LEGACY_TEXT = "legacy-text", _WARNS, _TOLD, "text of an old font was converted"
    STALE_FORMULA = "stale-formula", _BLOCKS, _TOLD, "a formula's result is not of its parts"
    INEXACT_NUMBER = "inexact-number", _BLOCKS, _TOLD, "more digits than a number keeps"

    SHOWN_OTHERWISE = "shown-otherwise", _BLOCKS, _TOLD, "it shows another than is stored"
    PICTURE = "picture", _BLOCKS, _TOLD, "a picture for an answer"
    ERROR_VALUE = "error-value", _BLOCKS, _ANSWERS, "an error for a text"
    NOT_TEXT = "not-text", _BLOCKS, _ANSWERS, "a truth value for a text"
    EMPTY_LINK = "empty-link", _EITHER, _ANSWERS, "the 0 of a link to nothing for a text"
    OTHER_UNIT = "other-unit", _BLOCKS, _LABELS, "a row's unit is not the form's"
    STRANGE_LABEL = "strange-label", _WARNS, _LABELS, "a row's label is not the form's"

    # Figures held against each other.
    SUM_MISMATCH = "sum-mismatch", _EITHER, _SUMS, "a total is not the sum of its parts"
    RATIO_MISMATCH = "ratio-mismatch", _EITHER, _SUMS, "a percentage is not that of its parts"
    PART_ABOVE_WHOLE = "part-above-whole", _EITHER, _SUMS, "a part exceeds its whole"
    CUMULATIVE_FIRST_PERIOD = (
        "cumulative-first-period",
        _EITHER,
        _SUMS,
        "in the year's first period both figures are one",
    )
    CUMULATIVE_BELOW_PERIOD = (
        "cumulative-below-period",
        _EITHER,
        _SUMS,
        "the year so far is less than the period",
    )
    TARGET_MISSED = "target-missed", _WARNS, _CHECKS, "a figure falls short of its target"
    NOT_CARRIED = "not-carried", _WARNS, _HISTORY, "what was open is not what was carried over"
    CUMULATIVE_GAP = "cumulative-gap", _WARNS, _HISTORY, "before and period do not make so far"
    CUMULATIVE_FELL = "cumulative-fell", _WARNS, _HISTORY, "the year so far fell"
    SPLIT_FIGURES = "split-figures", _WARNS, _HISTORY, "work moved between agencies"
    LARGE_JUMP = "large-jump", _WARNS, _TREND, "far from the periods before"
    UNIT_SLIP = "unit-slip", _WARNS, _TREND, "off by a thousand or a million: the unit"

    # A list of indicators that is to become a form.
    MISSING_HEADER = "missing-header", _EITHER, _TABLE, "a sheet without a header row"
    UNKNOWN_COLUMN = "unknown-column", _WARNS, _TABLE, "a header that means nothing to us"
    SECOND_HEADER = "second-header", _BLOCKS, _TABLE, "a second header row in one sheet"
    UNIT_IN_GROUP = "unit-in-group", _BLOCKS, _TABLE, "a group's row has a unit"
    SKIPPED_ROW = "skipped-row", _WARNS, _TABLE, "a row that is read as a remark"
    NOTES = "notes", _WARNS, _TABLE, "what is read as notes under the list"
    CELL_ERROR = "cell-error", _BLOCKS, _TABLE, "an error or a formula without result"
    EMPTY_LIST = "empty-list", _BLOCKS, _LIST, "no indicator under the header"
    EMPTY_GROUP = "empty-group", _WARNS, _LIST, "a group without indicators"
    MISSING_TITLE = "missing-title", _BLOCKS, _LIST, "nothing says what the form is called"
    CROSS_FORM = "cross-form", _BLOCKS, _LIST, "the form as a whole does not hold"
    CROSS_CODE = "cross-code", _BLOCKS, _LIST, "a code is that of a cover's row"
    CROSS_COMPUTE = "cross-compute", _BLOCKS, _LIST, "a percentage of what gives no figures"
    CROSS_AGGREGATE = "cross-aggregate", _BLOCKS, _LIST, "a sum of what can never be added"
    CROSS_MAXIMUM = "cross-maximum", _BLOCKS, _LIST, "a maximum below its minimum"
    CROSS_RULES = "cross-rules", _BLOCKS, _LIST, "a rule over rows without a common column"
    UNKNOWN_CODE = "unknown-code", _BLOCKS, _REFERENCES, "a reference to a row that is not there"
    ILLEGAL_CODE = "illegal-code", _BLOCKS, _ROWS, "a code with characters that none may have"
    DUPLICATE_CODE = "duplicate-code", _BLOCKS, _ROWS, "a code stands twice"
    MISSING_SOURCE = "missing-source", _BLOCKS, _ROWS, "nothing says by which clause"
    MISSING_NAME = "missing-name", _BLOCKS, _ROWS, "an indicator without a name"
    MISSING_UNIT = "missing-unit", _BLOCKS, _ROWS, "an indicator without a unit"
    RATIO_KIND = "ratio-kind", _BLOCKS, _ROWS, "a part over a whole that is no percentage"
    UNKNOWN_LEVEL = "unknown-level", _BLOCKS, _ROWS, "a level that nobody has"
    UNKNOWN_KIND = "unknown-kind", _BLOCKS, _ROWS, "a kind of figure that does not exist"
    CODE_CHANGED = "code-changed", _BLOCKS, _LIST, "a kept code means another thing than before"
    UNKNOWN_AGGREGATE = "unknown-aggregate", _BLOCKS, _ROWS, "no such way of adding up"
    BAD_BOUND = "bad-bound", _BLOCKS, _ROWS, "a bound that is no number"
    UNKNOWN_COLUMNS = "unknown-columns", _BLOCKS, _ROWS, "columns that the form does not have"
    UNKNOWN_MARK = "unknown-mark", _BLOCKS, _ROWS, "neither a mark nor empty"
    HALF_RATIO = "half-ratio", _BLOCKS, _ROWS, "a part without a whole, or the other way"
    SINGLE_PART = "single-part", _BLOCKS, _RULES, "a sum of one"
    DOUBLE_PART = "double-part", _BLOCKS, _RULES, "a part counted twice"
    REFERS_TO_ITSELF = "refers-to-itself", _BLOCKS, _RULES, "a row is its own part or whole"
    CIRCLE = "circle", _BLOCKS, _RULES, "sums or wholes that come back to where they began"
