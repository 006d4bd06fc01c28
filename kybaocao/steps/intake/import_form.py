"""Make a form of a secretary's indicator list, and show it as the workbook it becomes."""

from datetime import date

from kybaocao.adapters.reader_pool import ReaderPool
from kybaocao.adapters.regime_files import Config, read_levels, read_versions
from kybaocao.adapters.workbooks import blank, reading
from kybaocao.rules.codes import Code
from kybaocao.rules.cycle.obligation import obligations, terms
from kybaocao.rules.errors import KyBaoCaoError, UnreadableFileError
from kybaocao.rules.form.form import Form
from kybaocao.rules.form_list.form_list import Imported, ListFacts, build
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.regime import Regime
from kybaocao.settings import Settings


def import_form(settings: Settings, pool: ReaderPool, data: bytes, given: ListFacts) -> Imported:
    """Return the form that a list's bytes declare, or every fault; nothing is written."""
    largest = settings.largest_file_mib
    try:
        if len(data) > largest * 2**20:
            raise UnreadableFileError(
                f"Tệp lớn hơn {largest} MB nên không được đọc; hãy xóa phần không thuộc danh mục."
            )
        book = pool.run(reading.read, data)
    except UnreadableFileError as error:
        expected = "tệp Excel có danh mục chỉ tiêu"
        found = Code.UNREADABLE.finding("", "", "", expected, str(error))
        return Imported(None, (found,))
    config = settings.home / "config"
    earlier = read_versions(config, given.id, given.version)
    return build(book, given, read_levels(config), earlier)


def sample(config: Config, regime: Regime, duty: Duty, form: Form, today: date) -> bytes:
    """Return the blank workbook of `form` with every row, for a reporter's coming period.

    If none comes within two years, it is for one of the regime's first. Raises KyBaoCaoError
    if nobody owes the duty then either.
    """
    for since in (today, regime.in_force.since):
        until = since.replace(year=since.year + 2, day=1)
        for term in terms(regime, duty, since, until, config.calendar):
            if owed := obligations(regime, duty, term):
                agency = regime.agencies[owed[0].agency]
                return blank.blank(form, agency, regime, duty, term)
    raise KyBaoCaoError(f"{regime.id}/{duty.id} falls due for nobody, so that it shows no workbook")
