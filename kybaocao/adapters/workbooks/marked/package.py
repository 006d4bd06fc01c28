"""The parts of an xlsx file and how they refer to each other (ECMA-376 part 2)."""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from kybaocao.adapters.workbooks.marked.splice import Part, UnmarkableError, check, quoted

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
TYPES = "[Content_Types].xml"
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships '
    'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)
# What runs, fetches or replaces by itself when the file is opened, and a signature, which any
# change would break. A plain link to another workbook (externalLinkPath) only offers an update.
_NOT_HANDED_ON = {
    "vbaproject": "macros",
    "xlmacrosheet": "macros",
    "xlintlmacrosheet": "macros",
    "attachedtoolbars": "macros",
    "extensibility": "a changed menu",
    "control": "a control",
    "oleobject": "an embedded object",
    "package": "an embedded object",
    "connections": "a connection",
    "origin": "a signature",
}


@dataclass(frozen=True)
class PartRelation:
    """One relationship: `kind` is the last word of its type, `target` a part's name."""

    id: str
    kind: str
    target: str


class Package:
    """The parts of an xlsx file, to be read, changed and saved.

    Raises UnmarkableError for what is no xlsx, and for one that holds what is not handed on.
    """

    def __init__(self, data: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._names = {info.filename.casefold(): info.filename for info in self._zip.infolist()}
        if len(self._names) != len(self._zip.infolist()):
            raise UnmarkableError("two parts of one name")
        self._written: dict[str, bytes] = {}
        self._relations: dict[str, Part] = {}
        self._types = Part(self.read(TYPES))
        self.workbook = self._only("", "officeDocument").target
        if self._type_of(self.workbook) != WORKBOOK:
            raise UnmarkableError("no plain xlsx")
        self._refuse_what_acts()

    def read(self, name: str) -> bytes:
        """Return a part's bytes. Raises KeyError if there is none."""
        known = self._names.get(name.casefold(), name)
        return self._written[known] if known in self._written else self._zip.read(known)

    def has(self, name: str) -> bool:
        return name.casefold() in self._names

    def write(self, name: str, data: bytes) -> None:
        """Give a part new bytes, which must be XML."""
        check(data)
        self._written[self._names.setdefault(name.casefold(), name)] = data

    def add(self, pattern: str, content_type: str, data: bytes) -> str:
        """Add a part, named by `pattern` with a number if need be, and return its name."""
        name, number = pattern.format(""), 1
        while self.has(name):
            number += 1
            name = pattern.format(number)
        self.write(name, data)
        tag = self._types.name("Override")
        new = f'<{tag} PartName="/{quoted(name)}" ContentType="{content_type}"/>'
        self._types.append(self._types.root, new)
        return name

    def relations(self, source: str) -> list[PartRelation]:
        """Return the relationships of a part (of the whole file for an empty name)."""
        folder = posixpath.dirname(source)
        found = []
        for element in self._relations_part(source).root.children:
            said = element.attributes
            target = said.get("Target", "")
            if said.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = said.get("Type", "").rpartition("/")[2]
            found.append(PartRelation(said.get("Id", ""), kind, target))
        return found

    def related(self, source: str, kind: str) -> PartRelation | None:
        """Return the first relationship of that kind, or None."""
        return next((r for r in self.relations(source) if r.kind == kind), None)

    def relate(self, source: str, base: str, kind: str, target: str) -> str:
        """Add a relationship of the type `base`/`kind` to a part; return its id."""
        part = self._relations_part(source)
        known = {relation.id for relation in self.relations(source)}
        number = 1 + len(known)
        while f"rId{number}" in known:
            number += 1
        tag = part.name("Relationship")
        new = f'<{tag} Id="rId{number}" Type="{base}/{kind}" Target="/{quoted(target)}"/>'
        part.append(part.root, new)
        self._keep(source)
        return f"rId{number}"

    def unrelate(self, source: str, relation: PartRelation) -> None:
        """Take away a relationship and the part that it leads to."""
        part = self._relations_part(source)
        for element in part.root.children:
            if element.attributes.get("Id") == relation.id:
                part.remove(element)
        self._keep(source)
        self.remove(relation.target)

    def remove(self, name: str) -> None:
        """Take away a part, if it is there."""
        known = self._names.pop(name.casefold(), None)
        if known is None:
            return
        self._written.pop(known, None)
        for element in self._types.root.children:
            if element.attributes.get("PartName", "").casefold() == f"/{known}".casefold():
                self._types.remove(element)

    def forget_relations(self, source: str) -> None:
        """Take away a part's relationships."""
        self._relations.pop(source, None)
        self.remove(_relations_of(source))

    def save(self) -> bytes:
        """Return the file; parts that were not changed keep their bytes, order and time."""
        if self._types.is_changed:
            self.write(TYPES, self._types.result())
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
            for info in self._zip.infolist():
                if self.has(info.filename):
                    data = self._written.pop(info.filename, None)
                    kept = zipfile.ZipInfo(info.filename, info.date_time)
                    kept.compress_type = info.compress_type
                    kept.external_attr = info.external_attr
                    made.writestr(kept, self._zip.read(info) if data is None else data)
            for name, data in self._written.items():
                new = zipfile.ZipInfo(name)
                new.compress_type = zipfile.ZIP_DEFLATED
                made.writestr(new, data)
        return buffer.getvalue()

    def _only(self, source: str, kind: str) -> PartRelation:
        relation = self.related(source, kind)
        if relation is None:
            raise UnmarkableError(f"no {kind}")
        return relation

    def _relations_part(self, source: str) -> Part:
        if source not in self._relations:
            name = _relations_of(source)
            xml = self.read(name) if self.has(name) else _RELATIONS.encode()
            self._relations[source] = Part(xml)
        return self._relations[source]

    def _keep(self, source: str) -> None:
        """Write a part's relationships as changed, and read them anew."""
        data = self._relations.pop(source).result()
        is_new = not self.has(_relations_of(source))
        self.write(_relations_of(source), data)
        if is_new and self._type_of(_relations_of(source)) == "":
            raise UnmarkableError("no type for relationships")

    def _type_of(self, name: str) -> str:
        found = ""
        suffix = name.rpartition(".")[2].casefold()
        for element in self._types.root.children:
            said = element.attributes
            if said.get("PartName", "").casefold() == f"/{name}".casefold():
                return said.get("ContentType", "")
            if element.local == "Default" and said.get("Extension", "").casefold() == suffix:
                found = said.get("ContentType", "")
        return found

    def _refuse_what_acts(self) -> None:
        for name in self._names.values():
            if name.casefold().endswith("vbaproject.bin"):
                raise UnmarkableError("macros")
            if name.casefold().endswith(".rels"):
                for said in _relationships(self.read(name)):
                    kind = said.get("Type", "").rpartition("/")[2].casefold()
                    if kind in _NOT_HANDED_ON:
                        raise UnmarkableError(_NOT_HANDED_ON[kind])
                    if kind == "externallink" and self._is_live(said.get("Target", "")):
                        raise UnmarkableError("a live link")

    def _is_live(self, target: str) -> bool:
        """Return if a link to outside is one by which another program is started (DDE, OLE)."""
        name = posixpath.basename(target).casefold()
        links = [n for n in self._names.values() if posixpath.basename(n).casefold() == name]
        return any(
            e.local in ("ddeLink", "oleLink") for n in links for e in Part(self.read(n)).root.walk()
        )


def _relations_of(source: str) -> str:
    folder, name = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _relationships(xml: bytes) -> Iterator[dict[str, str]]:
    for element in Part(xml).root.children:
        yield dict(element.attributes)
