"""The sender's own workbook, with every finding shown at its cell and listed on a first sheet."""

import io
import zipfile
import zlib
from collections.abc import Sequence
from xml.parsers import expat

from kybaocao.adapters.workbooks.marked.book import insert_list
from kybaocao.adapters.workbooks.marked.listing import MOST_LISTED
from kybaocao.adapters.workbooks.marked.package import Package
from kybaocao.adapters.workbooks.marked.sheet import MARK
from kybaocao.adapters.workbooks.marked.splice import UnmarkableError
from kybaocao.rules.finding import Finding, needs_first

__all__ = ["MARK", "MOST_LISTED", "holds_code", "mark"]

_FAULTS = (
    UnmarkableError,
    expat.ExpatError,
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    LookupError,
    OSError,
    EOFError,
    RuntimeError,  # a part with a password; NotImplementedError: packed in an unknown way
)


def mark(original: bytes, findings: Sequence[Finding], heading: str) -> bytes:
    """Return an xlsx: the sender's file with `findings` marked, or only their list.

    The sender's parts stay byte for byte; marks are put in between. They are comments and
    conditional fills, so that cells keep value, formula, result and format; those of an
    earlier return are replaced. The list alone comes back for all that is no xlsx, or that
    cannot be marked without a loss, or that holds what is not handed on: macros, controls,
    embedded objects, connections, DDE. `heading` says which report this is. The same
    arguments give the same bytes.
    """
    findings = needs_first(findings)
    try:
        package = Package(original)
        insert_list(package, findings, heading)
        return package.save()
    except _FAULTS:
        alone = Package(_empty())
        insert_list(alone, findings, heading)
        return alone.save()


def holds_code(data: bytes) -> bool:
    """Return if a spreadsheet of any format holds macros or embedded objects.

    Told by the names of its parts (OOXML, ODF) or of its streams (an .xls, MS-CFB 2.6.1).
    """
    try:
        names = [name.casefold() for name in zipfile.ZipFile(io.BytesIO(data)).namelist()]
    except _FAULTS:
        return any(name.encode("utf-16-le") in data for name in _STREAMS_OF_CODE)
    return any(piece in f"/{name}" for name in names for piece in _PARTS_OF_CODE)


_PARTS_OF_CODE = (
    "/vbaproject.bin", "/macrosheets/", "/intlmacrosheets/", "/activex/", "/embeddings/",
    "/basic/", "/scripts/",
)  # fmt: skip
_STREAMS_OF_CODE = ("_VBA_PROJECT", "Ole10Native")

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f"""<Types xmlns="{_PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/></Types>""",
    "_rels/.rels": f"""<Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="rId1" Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/>
</Relationships>""",
    "xl/workbook.xml": """<workbook
xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets></sheets></workbook>""",
}


def _empty() -> bytes:
    """Return a workbook without sheets, into which the list is put by itself."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, xml in _PARTS.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            made.writestr(info, declaration + xml)
    return buffer.getvalue()
