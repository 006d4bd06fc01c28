"""Comments at cells: ours put in and taken out, the sender's left as they are."""

import re
from collections.abc import Mapping

from kybaocao.adapters.workbooks import look
from kybaocao.adapters.workbooks.marked.package import Package, PartRelation
from kybaocao.adapters.workbooks.marked.splice import Element, Part, UnmarkableError, quoted
from kybaocao.adapters.workbooks.marked.words import AUTHOR, THEIRS, escaped, is_ours
from kybaocao.rules.cells.addresses import place

COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
DRAWING = "application/vnd.openxmlformats-officedocument.vmlDrawing"
WIDTH = 340
"""Pixels of a comment."""
_THEIRS = re.compile(rf"\s*{re.escape(THEIRS.strip())}\s?")
_OF_A_THREAD = "tc="
_VML, _OFFICE, _EXCEL = (
    f"urn:schemas-microsoft-com:{name}" for name in ("vml", "office:office", "office:excel")
)
_NEW_COMMENTS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<comments xmlns="{uri}"><authors></authors><commentList></commentList></comments>"""
_NEW_DRAWING = f"""<xml xmlns:v="{_VML}" xmlns:o="{_OFFICE}" xmlns:x="{_EXCEL}">
<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>"""
# The namespaces stand on each, since a drawing may name them otherwise.
_SPACES = f'xmlns:v="{_VML}" xmlns:o="{_OFFICE}" xmlns:x="{_EXCEL}"'
_SHAPE_TYPE = (
    f'<v:shapetype {_SPACES} id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE = (
    f'<v:shape {_SPACES} id="_x0000_s{{id}}" type="#_x0000_t202" style="position:absolute;'
    "margin-left:59.25pt;margin-top:1.5pt;width:{width}px;height:{height}px;z-index:{z};"
    'visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
    '<v:shadow color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column>"
    "</x:ClientData></v:shape>"
)

Cell = tuple[int, int]


class Notes:
    """The comments of one sheet and the shapes in which they show."""

    def __init__(self, package: Package, sheet: str, uri: str, base: str) -> None:
        self._package, self._sheet, self._uri, self._base = package, sheet, uri, base
        self._comments = package.related(sheet, "comments")
        self._drawing: PartRelation | None = None

    def replace(self, sheet: Part, wanted: Mapping[str, tuple[Cell, str]]) -> str | None:
        """Take away our comments of an earlier return and put in those `wanted`, by address.

        Return the id of a new drawing of shapes that the sheet must name, or None.
        """
        named = sheet.root.child("legacyDrawing")
        if named is not None:
            relations = self._package.relations(self._sheet)
            wanted_id = named.attributes.get("id", "")
            self._drawing = next((r for r in relations if r.id == wanted_id), None)
            if self._drawing is None:
                raise UnmarkableError("a drawing that is not there")
        if self._comments is None and not wanted:
            return None
        gone = self._take_away()
        placed = self._put_in(wanted) if wanted else {}
        if gone or placed:
            self._shapes(sheet, named, gone - placed.keys(), placed)
        if self._drawing is not None and named is None and placed:
            return self._drawing.id
        return None

    # The texts.

    def _take_away(self) -> set[Cell]:
        """Remove our texts; return the cells that have no comment any more."""
        if self._comments is None:
            return set()
        part = Part(self._package.read(self._comments.target))
        gone = set()
        left = 0
        for comment in _list_of(part).all("comment"):
            pieces = [e for e in comment.walk() if e.local == "t" and e.uri == comment.uri]
            said = "".join(piece.text for piece in pieces)
            if not is_ours(said):
                left += 1
            elif theirs := _THEIRS.search(said):
                left += 1
                _cut(part, comment, pieces, theirs.end())
            else:
                part.remove(comment)
                gone.add(cell_at(comment.attributes.get("ref", "")))
        if part.is_changed:
            self._package.write(self._comments.target, part.result())
        if not left and gone:
            self._package.unrelate(self._sheet, self._comments)
            self._comments = None
        return gone

    def _put_in(self, wanted: Mapping[str, tuple[Cell, str]]) -> dict[Cell, str]:
        """Write the texts; return those that need a shape of their own, by cell."""
        if self._comments is None:
            xml = _NEW_COMMENTS.format(uri=self._uri).encode()
            name = self._package.add("xl/kybaocao-comments{}.xml", COMMENTS, xml)
            self._package.relate(self._sheet, self._base, "comments", name)
            self._comments = self._package.related(self._sheet, "comments")
        assert self._comments is not None  # noqa: S101
        part = Part(self._package.read(self._comments.target))
        authors = part.root.child("authors")
        if authors is None:
            raise UnmarkableError("comments without authors")
        names = [author.text for author in authors.all("author")]
        if AUTHOR not in names:
            tag = part.name("author")
            part.append(authors, f"<{tag}>{AUTHOR}</{tag}>")
            names.append(AUTHOR)
        there = {c.attributes.get("ref"): c for c in _list_of(part).all("comment")}
        placed = {}
        for ref, (cell, said) in wanted.items():
            run = _run(part, said)
            old = there.get(ref)
            if old is None:
                tag, text = part.name("comment"), part.name("text")
                author = names.index(AUTHOR)
                new = f'<{tag} ref="{ref}" authorId="{author}"><{text}>{run}</{text}></{tag}>'
                part.append(_list_of(part), new)
                placed[cell] = said
            elif not _is_thread(old, names):
                _prefix(part, old, _run(part, said + THEIRS))
        self._package.write(self._comments.target, part.result())
        return placed

    # The shapes.

    def _shapes(
        self, sheet: Part, named: Element | None, gone: set[Cell], placed: Mapping[Cell, str]
    ) -> None:
        if self._drawing is None:
            if not placed:
                return
            name = self._package.add("xl/kybaocao-notes{}.vml", DRAWING, _NEW_DRAWING.encode())
            self._package.relate(self._sheet, self._base, "vmlDrawing", name)
            found = (r for r in self._package.relations(self._sheet) if r.target == name)
            self._drawing = next(found)
        part = Part(self._package.read(self._drawing.target))
        shapes = {cell: e for e in part.root.children if (cell := _cell_of(e)) is not None}
        for cell in gone & shapes.keys():
            part.remove(shapes[cell])
        others = [
            e
            for e in part.root.children
            if e.local not in ("shapelayout", "shapetype") and _cell_of(e) not in gone
        ]
        if not others and not placed and named is not None:
            self._package.unrelate(self._sheet, self._drawing)
            sheet.remove(named)
            return
        ids = [e.attributes.get("id", "") for e in part.root.walk()]
        if placed and "_x0000_t202" not in ids:
            part.append(part.root, _SHAPE_TYPE)
        last = max([1024, *(int(i[8:]) for i in ids if re.fullmatch("_x0000_s[0-9]{1,9}", i))])
        for number, ((row, column), said) in enumerate(placed.items(), 1):
            if (row, column) in shapes and (row, column) not in gone:
                part.remove(shapes[row, column])
            part.append(
                part.root,
                _SHAPE.format(
                    id=last + number,
                    z=number,
                    width=WIDTH,
                    height=24 + 18 * look.lines(said, 46),
                    row=row - 1,
                    column=column - 1,
                ),
            )
        self._package.write(self._drawing.target, part.result())


def cell_at(ref: str) -> Cell:
    """Return row and column (1-based) of an address."""
    found = place(ref)
    if found is None:
        raise UnmarkableError(f"{ref!r} is no cell")
    return found


def _list_of(part: Part) -> Element:
    found = part.root.child("commentList")
    if found is None:
        raise UnmarkableError("comments without a list")
    return found


def _is_thread(comment: Element, authors: list[str]) -> bool:
    """Return if a comment stands for a conversation, whose text Excel keeps elsewhere."""
    number = comment.attributes.get("authorId", "")
    known = number.isascii() and number.isdigit() and int(number) < len(authors)
    return known and authors[int(number)].startswith(_OF_A_THREAD)


def _run(part: Part, said: str) -> str:
    r, t, properties = part.name("r"), part.name("t"), part.name("rPr")
    how = f'<{part.name("sz")} val="10"/><{part.name("rFont")} val="Times New Roman"/>'
    text = quoted(escaped(said))
    return f'<{r}><{properties}>{how}</{properties}><{t} xml:space="preserve">{text}</{t}></{r}>'


def _prefix(part: Part, comment: Element, run: str) -> None:
    """Put a run before the sender's own text, of which nothing is lost."""
    text = comment.child("text")
    if text is None:
        raise UnmarkableError("a comment without text")
    plain = text.child("t")
    if plain is None:
        first = text.children[0].start if text.children else text.closed
        if text.is_empty:
            part.append(text, run)
        else:
            part.insert(first, run)
        return
    r = part.name("r")
    part.insert(plain.start, f"{run}<{r}>")
    part.insert(plain.end, f"</{r}>")


def _cut(part: Part, comment: Element, pieces: list[Element], until: int) -> None:
    """Remove the first characters of a comment, `until` counts them, and runs left empty."""
    text = comment.child("text")
    runs = {id(t): run for run in (text.all("r") if text else []) for t in run.children}
    at = 0
    for piece in pieces:
        size = len(piece.text)
        if at + size <= until:
            part.remove(runs.get(id(piece), piece))
        elif at < until:
            rest = quoted(piece.text[until - at :])
            tag = part.name("t")
            part.remove(piece)
            part.insert(piece.end, f'<{tag} xml:space="preserve">{rest}</{tag}>')
        at += size


def _cell_of(shape: Element) -> Cell | None:
    """Return the cell whose comment a shape shows, or None if it is another shape."""
    for data in shape.walk():
        if data.local == "ClientData" and data.attributes.get("ObjectType") == "Note":
            said = {e.local: e.text.strip() for e in data.children}
            row, column = said.get("Row", ""), said.get("Column", "")
            if row.isdecimal() and column.isdecimal():
                return int(row) + 1, int(column) + 1
    return None
