"""Ways to write the same workbook otherwise: in its sheets' XML, its parts, its container."""

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable

from tests.corpus.containers import backslashes, prefixed, sheets_of, utf16
from tests.corpus.package import STRINGS, WORKBOOK, Parts, packed, pattern, renamed, text_of

LINKS = "xl/_rels/workbook.xml.rels"
TYPES = "[Content_Types].xml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def each_sheet(
    change: Callable[[random.Random, str], str],
) -> Callable[[random.Random, Parts], None]:
    """Make a change of a sheet's text one of every sheet."""

    def of_all(chance: random.Random, parts: Parts) -> None:
        for name in sheets_of(parts):
            parts[name] = change(chance, parts[name].decode()).encode()

    return of_all


def shuffled_attributes(chance: random.Random, said: str) -> str:
    def shuffle(match: re.Match[str]) -> str:
        pairs = re.findall(r' [\w:]+="[^"]*"', match[2])
        chance.shuffle(pairs)
        return f"<{match[1]}{''.join(pairs)}{match[3]}>"

    return re.sub(r'<(c|row)((?: [\w:]+="[^"]*")+)(/?)>', shuffle, said)


def spaced(chance: random.Random, said: str) -> str:
    return re.sub(
        r"(</c>|</row>|<row [^>]*>|<c [^>]*/>)(?=<)",
        lambda m: m[1] + chance.choice(["", "\n", "  ", "\r\n\t"]),
        said,
    )


def commented(chance: random.Random, said: str) -> str:
    return re.sub(
        r"(</c>)(?=<)", lambda m: m[1] + chance.choice(["", "", "<!-- ghi chú -->"]), said
    )


def single_quoted(_: random.Random, said: str) -> str:
    return re.sub(r'( r| s| t)="([^"\']*)"', r"\1='\2'", said)


def unknown_elements(chance: random.Random, said: str) -> str:
    odd = '<x14:la xmlns:x14="urn:la" r="E12"><x14:v>7</x14:v></x14:la>'
    return (
        said.replace("</sheetData>", f"</sheetData>{odd}")
        if chance.random() < 0.5
        else said.replace("<sheetData>", f"{odd}<sheetData>")
    )


def dimension(chance: random.Random, said: str) -> str:
    new = chance.choice(
        [
            "",
            '<dimension ref="A1"/>',
            '<dimension ref="A1:XFD1048576"/>',
            '<dimension ref="Z99:B2"/>',
        ]
    )
    return re.sub(r'<dimension ref="[^"]*" ?/>', new, said)


def numbers_rewritten(chance: random.Random, said: str) -> str:
    def rewrite(match: re.Match[str]) -> str:
        tail = chance.choice(["", ".0", ".000", "E0", "0E-1"])
        return f"<v>{match[1]}{tail}</v></c>"

    return re.sub(r"(?<=\" t=\"n\">)<v>(\d{1,9})</v></c>", rewrite, said)


def characters_referred(chance: random.Random, said: str) -> str:
    """Write some letters of inline strings as references."""

    def refer(match: re.Match[str]) -> str:
        text = re.sub(
            r"(?<![&#\w])[A-Za-z](?![\w;]*;)",
            lambda m: f"&#x{ord(m[0]):X};" if chance.random() < 0.3 else m[0],
            match[2],
        )
        return match[1] + text + "</t>"

    return re.sub(r"(<t>|<t [^>]*>)([^<&]*)</t>", refer, said)


def cdata(chance: random.Random, said: str) -> str:
    return re.sub(
        r"(<t>)([^<&]+)</t>",
        lambda m: f"{m[1]}<![CDATA[{m[2]}]]></t>" if chance.random() < 0.3 else m[0],
        said,
    )


def rich(chance: random.Random, said: str) -> str:
    """Divide inline strings into runs."""

    def divide(match: re.Match[str]) -> str:
        text = match[1]
        if chance.random() < 0.5 or "&" in text or text != text.strip():
            return match[0]
        at = chance.randrange(len(text) + 1)
        tag = '<t xml:space="preserve">'
        runs = f"<r>{tag}{text[:at]}</t></r><r><rPr><b/></rPr>{tag}{text[at:]}</t></r>"
        return f"<is>{runs}</is>"

    return re.sub(r"<is><t>([^<]+)</t></is>", divide, said)


def empty_cells(_: random.Random, said: str) -> str:
    return said.replace("</sheetData>", '<row r="940"><c r="B940" s="1"/></row></sheetData>')


def more_styles(chance: random.Random, parts: Parts) -> None:
    """Put styles before those that are, so that each has another number."""
    count = chance.randint(1, 9)
    styles = "xl/styles.xml"
    said = parts[styles].decode()
    head, rest = said.split("<cellXfs", 1)
    opening, body = rest.split(">", 1)
    opening = re.sub(r'count="\d+"', "", opening)
    parts[styles] = f"{head}<cellXfs{opening}>{'<xf/>' * count}{body}".encode()
    for name in sheets_of(parts):
        pattern_ = re.compile(r'(<c r="[A-Z]+\d+")(?: s="(\d+)")?')
        parts[name] = pattern_.sub(
            lambda m: f'{m[1]} s="{int(m[2] or 0) + count}"', parts[name].decode()
        ).encode()


def shared(chance: random.Random, parts: Parts) -> None:
    """Turn inline strings into shared ones."""
    strings: list[str] = []

    def share(match: re.Match[str]) -> str:
        if chance.random() < 0.1:
            return match[0]
        strings.append(match[3])
        return f'<c r="{match[1]}"{match[2]} t="s"><v>{len(strings) - 1}</v></c>'

    for name in sheets_of(parts):
        parts[name] = re.sub(
            r'<c r="([A-Z]+\d+)"((?: s="\d+")?) t="inlineStr"><is>(.*?)</is></c>',
            share,
            parts[name].decode(),
            flags=re.DOTALL,
        ).encode()
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    items = "".join(f"<si>{said}</si>" for said in strings)
    parts[STRINGS] = f'<sst xmlns="{main}" count="1" uniqueCount="9">{items}</sst>'.encode()
    link = f'<Relationship Id="rIdS" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
    text_of(LINKS, "</Relationships>", f"{link}</Relationships>")(parts)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    text_of(TYPES, "</Types>", f'<Override PartName="/{STRINGS}" ContentType="{kind}"/></Types>')(
        parts
    )


def moved_sheet(chance: random.Random, parts: Parts) -> None:
    """Give the sheets' parts other names, in whatever folder."""
    for name in sheets_of(parts):
        new = name.replace("/sheet", f"/trang{chance.randint(1, 99)}_")
        for change in (
            renamed(name, new),
            text_of(LINKS, f"/{name}", f"/{new}"),
            text_of(TYPES, f"/{name}", f"/{new}"),
        ):
            change(parts)


def more_parts(chance: random.Random, parts: Parts) -> None:
    for count in range(chance.randint(1, 9)):
        parts[f"customXml/item{count}.xml"] = b"<a/>"


def declared(chance: random.Random, parts: Parts) -> None:
    head = chance.choice(
        [
            '<?xml version="1.0"?>\n',
            '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\r\n',
            "\ufeff",
        ]
    )
    for name in sheets_of(parts):
        if not parts[name].startswith(b"<?xml"):
            parts[name] = head.encode() + parts[name]


def without_calculation(_: random.Random, parts: Parts) -> None:
    pattern(WORKBOOK, r"<calcPr[^>]*>", "")(parts)


def names_lost(_: random.Random, parts: Parts) -> None:
    pattern(WORKBOOK, r"<definedNames>.*</definedNames>", "")(parts)


def theme_lost(_: random.Random, parts: Parts) -> None:
    for name in [n for n in parts if "theme" in n or "docProps" in n]:
        del parts[name]


Way = Callable[[random.Random, Parts], None]
WAYS: dict[str, Way] = {
    "attributes": each_sheet(shuffled_attributes),
    "whitespace": each_sheet(spaced),
    "comments": each_sheet(commented),
    "quotes": each_sheet(single_quoted),
    "unknown": each_sheet(unknown_elements),
    "dimension": each_sheet(dimension),
    "numbers": each_sheet(numbers_rewritten),
    "references": each_sheet(characters_referred),
    "cdata": each_sheet(cdata),
    "rich": each_sheet(rich),
    "empty-cells": each_sheet(empty_cells),
    "styles": more_styles,
    "shared": shared,
    "moved": moved_sheet,
    "parts": more_parts,
    "declared": declared,
    "no-calculation": without_calculation,
    "no-names": names_lost,
    "no-theme": theme_lost,
    "utf-16": lambda _, parts: utf16(parts),
    "prefixes": lambda _, parts: prefixed(parts),
    "backslashes": lambda _, parts: backslashes(parts),
}
LATE = ("attributes", "quotes", "declared", "prefixes", "utf-16", "backslashes")
"""These come last, in this order: after them, others do not find what they look for."""


def reordered(chance: random.Random, parts: Parts) -> bytes:
    names = list(parts)
    chance.shuffle(names)
    return packed({name: parts[name] for name in names})


def with_extras(chance: random.Random, parts: Parts) -> bytes:
    """Pack with a comment, and with a field of its own beside each part."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            info = zipfile.ZipInfo(name, (2016, 9, chance.randint(1, 30), 7, 0, 0))
            extra = chance.randbytes(chance.randint(0, 30))
            info.extra = struct.pack("<HH", 0x9999, len(extra)) + extra
            info.comment = b"ghi chu"
            file.writestr(info, part, zipfile.ZIP_DEFLATED)
        file.comment = chance.randbytes(chance.randint(0, 200)).replace(b"PK", b"..")
    return buffer.getvalue()


PACKINGS: dict[str, Callable[[random.Random, Parts], bytes]] = {
    "deflated": lambda _, parts: packed(parts),
    "stored": lambda _, parts: packed(parts, zipfile.ZIP_STORED),
    "bzip2": lambda _, parts: packed(parts, zipfile.ZIP_BZIP2),
    "lzma": lambda _, parts: packed(parts, zipfile.ZIP_LZMA),
    "reordered": reordered,
    "extras": with_extras,
}
