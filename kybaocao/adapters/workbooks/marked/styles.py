"""The stylesheet of the sender's file, with our formats after all of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from kybaocao.adapters.workbooks import look
from kybaocao.adapters.workbooks.marked.splice import Element, Part, UnmarkableError

# The order of a stylesheet's parts (CT_Stylesheet, ECMA-376 part 1, 18.8.39).
ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs",
    "tableStyles", "colors", "extLst",
)  # fmt: skip
EMPTY = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="{uri}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill>
<fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>"""


@dataclass(frozen=True)
class ListingStyle:
    """How a cell of the list looks."""

    size: int = 12
    bold: bool = False
    italic: bool = False
    link: bool = False
    fill: str = ""
    across: str = "left"
    lined: bool = True


class Styles:
    """Adds formats to a stylesheet; those already there keep their index."""

    def __init__(self, xml: bytes) -> None:
        self.part = Part(xml)
        self._known: dict[str, list[bytes]] = {}
        self._added: dict[str, int] = {}

    def cell(self, how: ListingStyle) -> int:
        """Return the index (`s`) of a cell format."""
        font = self._font(how)
        fill = self._fill(how.fill) if how.fill else 0
        border = self._border() if how.lined else 0
        indent = ' indent="1"' if how.lined and how.across == "left" else ""
        return self._index(
            "cellXfs",
            f'<{self._tag("xf")} numFmtId="0" fontId="{font}" fillId="{fill}" '
            f'borderId="{border}" xfId="0" quotePrefix="1" applyFont="1" applyFill="1" '
            f'applyBorder="1" applyAlignment="1"><{self._tag("alignment")} '
            f'horizontal="{how.across}" vertical="center" wrapText="1"{indent}/>'
            f"</{self._tag('xf')}>",
        )

    def mark(self, color: str) -> int:
        """Return the index (`dxfId`) of a fill laid over a cell."""
        return self._index("dxfs", self._nest("dxf/fill/patternFill", "bgColor", f'rgb="{color}"'))

    def result(self) -> bytes:
        for group, added in self._added.items():
            element = self._group(group)
            if element is not None and "count" in element.attributes:
                self.part.set(element, "count", str(len(element.children) + added))
        return self.part.result()

    def _font(self, how: ListingStyle) -> int:
        flags = (("b", how.bold), ("i", how.italic), ("u", how.link))
        inside = "".join(f"<{self._tag(name)}/>" for name, is_on in flags if is_on)
        color = "FF0B57D0" if how.link else look.INK.replace("#", "FF")
        inside += f'<{self._tag("sz")} val="{how.size}"/><{self._tag("color")} rgb="{color}"/>'
        inside += f'<{self._tag("name")} val="{look.BASE["font_name"]}"/>'
        return self._index("fonts", f"<{self._tag('font')}>{inside}</{self._tag('font')}>")

    def _fill(self, color: str) -> int:
        pattern = f'{self._tag("patternFill")} patternType="solid"'
        inside = f'<{pattern}><{self._tag("fgColor")} rgb="{color}"/></{self._tag("patternFill")}>'
        return self._index("fills", f"<{self._tag('fill')}>{inside}</{self._tag('fill')}>")

    def _border(self) -> int:
        color = f'<{self._tag("color")} rgb="{look.LINE.replace("#", "FF")}"/>'
        sides = "".join(
            f'<{self._tag(side)} style="thin">{color}</{self._tag(side)}>'
            for side in ("left", "right", "top", "bottom")
        )
        tag = self._tag("border")
        return self._index("borders", f"<{tag}>{sides}<{self._tag('diagonal')}/></{tag}>")

    def _nest(self, path: str, last: str, attributes: str) -> str:
        tags = [self._tag(name) for name in path.split("/")]
        opened = "".join(f"<{tag}>" for tag in tags)
        closed = "".join(f"</{tag}>" for tag in reversed(tags))
        return f"{opened}<{self._tag(last)} {attributes}/>{closed}"

    def _index(self, group: str, new: str) -> int:
        """Return the index of `new` in its list, at whose end it is put if it is not there."""
        if group not in self._known:
            self._known[group] = self._bytes_in(group)
        known = self._known[group]
        if new.encode() not in known:
            known.append(new.encode())
            element = self._group(group)
            if element is None:
                raise UnmarkableError(f"a stylesheet without {group}")
            self.part.append(element, new)
            self._added[group] = self._added.get(group, 0) + 1
        return known.index(new.encode())

    def _bytes_in(self, group: str) -> list[bytes]:
        element = self._group(group)
        if element is None and group == "dxfs":
            self._with_dxfs()
            return []
        return [self.part.bytes_of(child) for child in element.children] if element else []

    def _with_dxfs(self) -> None:
        tag = self._tag("dxfs")
        xml = f"<{tag}></{tag}>"
        self.part.insert_ordered(self.part.root, ORDER, xml, "dxfs")
        self.part = Part(self.part.result())

    def _group(self, local: str) -> Element | None:
        return self.part.root.child(local)

    def _tag(self, local: str) -> str:
        return self.part.name(local)


def formats(styles: Styles, looks: Sequence[ListingStyle]) -> dict[ListingStyle, int]:
    """Return the index of each look."""
    return {how: styles.cell(how) for how in looks}
