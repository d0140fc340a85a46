"""The OFD package: a ZIP that is read with suspicion and written the same way every time.

GB/T 33190-2016 clause 6 (container) and clause 7.3 (ST_Loc). Every refusal is an OfdError with a stable
code; every deviation that is tolerated is kept in `Package.notes`.
"""

import io
import zipfile
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, Self, TypeVar

from lxml import etree

from .errors import Note, OfdError
from .limits import MIB, Limits
from .package_write import pack, write_package, write_packed
from .xmlread import NAMESPACE, parse_xml
from .zipcheck import check_size, checked_entries
from .zipentry import Packed, unpack

__all__ = ["Limits", "Note", "OfdError", "Package", "write_package"]

Read = TypeVar("Read")

_MOST_NOTES = 1000
# What is kept of a package that is read: entries asked for twice are unpacked once, XML is parsed once.
_KEPT_BYTES = 8 * MIB
_KEPT_XML_BYTES = 4 * MIB


class Package:
    """One opened package. Entry names are those of the ZIP, decoded, divided by "/", without a leading "/"."""

    def __init__(
        self, data: bytes, entries: dict[str, zipfile.ZipInfo], limits: Limits, opening: tuple[Note, ...]
    ) -> None:
        self._data = data
        self._entries = entries
        self._opening = opening
        self._packed: dict[str, Packed] = {}
        self._folded = {name.casefold(): name for name in entries}
        self._unpacked: dict[str, bytes] = {}
        self._unpacked_room = _KEPT_BYTES
        self._trees: dict[str, tuple[etree._Element, int]] = {}
        self._trees_room = _KEPT_XML_BYTES
        self._known: dict[Hashable, Any] = {}
        self._work_left = limits.work_bytes
        self._namespaces = {NAMESPACE}
        self._notes: dict[Note, None] = dict.fromkeys(opening[:_MOST_NOTES])
        self.limits = limits

    @classmethod
    def open(cls, data: bytes, limits: Limits | None = None) -> Self:
        """Open a package held in memory; nothing is unpacked yet.

        Raises OfdError: `not_a_zip`, `package_too_large`, `too_many_entries`, `entry_too_large`,
        `total_too_large`, `ratio_too_high`, `entries_overlap`, `entry_hidden`, `directory_unclear`, `entry_encrypted`,
        `entry_compression`, `name_too_long`, `name_too_deep`, `name_control`, `name_backslash`, `name_absolute`,
        `name_escape`, `name_encoding`, `name_clash`.
        """
        limits = limits or Limits()
        check_size(data, limits)
        try:
            archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
            raise OfdError("not_a_zip", f"The file is not an OFD package: {error}.") from error
        notes: list[Note] = []
        entries = checked_entries(data, archive, limits, notes)
        return cls(data, entries, limits, tuple(notes))

    def anew(self) -> Self:
        """The same package as if just opened: nothing of it read, all of its bound of work left."""
        return type(self)(self._data, self._entries, self.limits, self._opening)

    @property
    def notes(self) -> tuple[Note, ...]:
        """The deviations tolerated so far, each once."""
        return tuple(self._notes)

    def note(self, code: str, message: str) -> None:
        """Record a tolerated deviation; a file that is nothing but deviations fills the list once."""
        if len(self._notes) < _MOST_NOTES:
            self._notes.setdefault(Note(code, message))

    def names(self) -> tuple[str, ...]:
        """The names of all files, in the order of the package."""
        return tuple(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def once(self, what: Hashable, read: Callable[[], Read]) -> Read:
        """What `read` finds in the package, read the first time that it is asked for: it follows from the bytes. What
        is refused is refused each time."""
        if what not in self._known:
            self._known[what] = read()
        found: Read = self._known[what]
        return found

    def read(self, name: str) -> bytes:
        """The exact bytes of an entry. Raises OfdError `entry_missing`, `entry_damaged` or `too_much_work`."""
        kept = self._unpacked.get(name)
        if kept is not None:
            return kept
        info = self._entries.get(name)
        if info is None:
            raise OfdError("entry_missing", f"The package has no entry {name!r}.")
        self._work(info.file_size)
        data, packed = unpack(self._data, name, info)
        if packed is not None:
            self._packed[name] = packed
        if len(data) <= self._unpacked_room:
            self._unpacked_room -= len(data)
            self._unpacked[name] = data
        return data

    def size(self, name: str) -> int:
        """The bytes that an entry unpacks to, as the directory says. Raises KeyError for none of the package."""
        return self._entries[name].file_size

    def _work(self, size: int) -> None:
        """Take `size` bytes from what the caller is willing to have unpacked and parsed."""
        if size > self._work_left:
            raise OfdError(
                "too_much_work", f"Reading this package unpacks more than {self.limits.work_bytes} bytes; open it anew."
            )
        self._work_left -= size

    def xml(self, name: str) -> etree._Element:
        """The root of an XML entry, parsed without DTD and entities. The tree is shared: do not change it."""
        if name in self._trees:
            return self._trees[name][0]
        data = self.read(name)
        size = len(data)
        self._work(size)
        tree = parse_xml(name, data, self.limits)
        self._note_namespace(name, tree)
        if size <= _KEPT_XML_BYTES:
            while size > self._trees_room:
                self._trees_room += self._trees.pop(next(iter(self._trees)))[1]
            self._trees_room -= size
            self._trees[name] = tree, size
        return tree

    def _note_namespace(self, name: str, tree: etree._Element) -> None:
        space = etree.QName(tree).namespace or ""
        if space not in self._namespaces:
            self._namespaces.add(space)
            shown = f"in the namespace {space[:200]!r}" if space else "without a namespace"
            self.note("namespace", f"{name}: elements {shown} are read as those of the standard.")

    def resolve(self, base: str, loc: str) -> str:
        """The entry that a location (ST_Loc) written in the entry `base` names.

        "/x" starts at the package's root, anything else in the folder of `base`. Back-slashes, locations
        relative to a folder further up (the document root) and other letter case are tolerated and noted.
        Raises OfdError `loc_missing` or `loc_escape`.
        """
        wanted = loc.strip()
        plain = wanted[1:] if wanted[:1] == "/" else base[: base.rfind("/") + 1] + wanted
        if plain in self._entries:  # as the standard writes it: nothing to note
            return plain
        slashed = wanted.replace("\\", "/")
        candidates = list(_candidates(base, slashed))
        for index, candidate in enumerate(candidates):
            name = candidate if candidate in self._entries else self._folded.get(candidate.casefold())
            if name is None:
                continue
            if slashed != wanted:
                self.note("loc_backslash", f"{base}: location {wanted!r} is written with back-slashes.")
            if index:
                self.note("loc_relative", f"{base}: location {wanted!r} was found as {name!r}.")
            if name != candidate:
                self.note("loc_case", f"{base}: location {wanted!r} differs from {name!r} in letter case.")
            return name
        if not candidates:
            raise OfdError("loc_escape", f"{base}: location {wanted!r} leaves the package.")
        raise OfdError("loc_missing", f"{base}: location {wanted!r} names no file of the package.")

    def replace(self, updates: Mapping[str, bytes]) -> bytes:
        """A new package with these entries added or replaced, in the same order every time.

        Every other entry keeps its place, its exact bytes and, where it held nothing besides, its compressed form.
        Raises OfdError `entry_damaged` and what `write_package` raises.
        """
        entries = {
            name: pack(name, updates[name]) if name in updates else self._as_it_lies(name) for name in self._entries
        }
        entries.update({name: pack(name, data) for name, data in updates.items() if name not in entries})
        return write_packed(entries)

    def _as_it_lies(self, name: str) -> Packed:
        packed = self._packed.get(name)
        if packed is None:  # not read so far, or not fit to be copied
            data = self.read(name)
            packed = self._packed.get(name) or pack(name, data)
        return packed


def _candidates(base: str, loc: str) -> Iterator[str]:
    """The names a location could mean, the standard's reading first; those that leave the package are left out."""
    folders = [] if loc.startswith("/") else base.split("/")[:-1]
    for depth in range(len(folders), -1, -1):
        if (name := _joined(folders[:depth], loc)) is not None:
            yield name


def _joined(folders: list[str], loc: str) -> str | None:
    parts = list(folders)
    for part in loc.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
