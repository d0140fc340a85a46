"""The checks a ZIP directory passes before any entry of it is opened."""

import re
import struct
import unicodedata
import zipfile
from operator import attrgetter

from .errors import Note, OfdError
from .limits import Limits

_CENTRAL_SIGNATURE = b"PK\x01\x02"
_LOCAL_SIGNATURE = b"PK\x03\x04"
_END_SIGNATURE = b"PK\x05\x06"
_LOCATOR_SIGNATURE = b"PK\x06\x07"
_END = struct.Struct("<4s4H2LH")
_ZIP64 = struct.Struct("<4sQ2H2L4Q4sLQL")  # the end record of ZIP64 and its locator, which lie before the end record
_LOCATOR_SIZE = 20
_LOCAL_HEADER = 30
_LENGTHS = struct.Struct("<2H")  # of name and extra field
_LENGTHS_AT = 26
_UNICODE_PATH = 0x7075
_ENCRYPTED = 0x1
_STRONG_ENCRYPTION = 0x40
_UTF8_NAME = 0x800
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ESCAPE = re.compile(r"(?:^|/)\.{0,2}(?:/|\Z)")  # a part that is empty, "." or ".."
# What systems that keep files pass over at the end of a part. (A run is tried from its start alone: in linear time.)
_PASSED_OVER = re.compile(r":[^/]*|(?<![ .])[ .]+(?::[^/]*)?(?=/|\Z)")


def check_size(data: bytes, limits: Limits) -> None:
    """Refuse by size and by number of directory records, before the directory is parsed into objects."""
    if len(data) > limits.package_bytes:
        raise OfdError(
            "package_too_large", f"The package has {len(data)} bytes; at most {limits.package_bytes} are read."
        )
    if data.count(_CENTRAL_SIGNATURE, _directory_at(data)) > limits.entries:
        raise OfdError("too_many_entries", f"The package has more than {limits.entries} entries.")


def _directory_at(data: bytes) -> int:
    """Where the directory begins at the earliest, by any figure that a reader may believe: whatever is parsed into
    objects lies from there on, and the megabytes before need not be gone through."""
    end = data.rfind(_END_SIGNATURE)
    if end < 0 or end + _END.size > len(data):
        return 0
    *_, size, _, _ = _END.unpack_from(data, end)
    earliest: int = end - size
    large = end - _ZIP64.size
    if large >= 0 and data.startswith(_LOCATOR_SIGNATURE, end - _LOCATOR_SIZE):
        *_, size64, _, _, _, _, _ = _ZIP64.unpack_from(data, large)
        earliest = min(earliest, large - size64)
    return max(earliest, 0)


def checked_entries(
    data: bytes, archive: zipfile.ZipFile, limits: Limits, notes: list[Note]
) -> dict[str, zipfile.ZipInfo]:
    """The files of a ZIP's directory by their decoded names, in the order of the directory.

    Raises OfdError for anything that two readers could take differently (clashing, escaping or absolute
    names, overlapping entries) and for anything made to exhaust its reader.
    """
    infos = archive.infolist()
    _check_end(data, _check_places(data, infos, archive.start_dir), archive.start_dir, len(infos))
    entries: dict[str, zipfile.ZipInfo] = {}
    folded: dict[str, str] = {}
    total = 0
    for info in infos:
        name = _decoded_name(info, notes)
        _check_name(name, limits)
        _check_coding(name, info)
        if name.endswith("/"):
            continue
        total += info.file_size
        _check_bytes(name, info, total, limits)
        fold = _fold(name)
        if fold in folded:
            raise OfdError("name_clash", f"The entries {folded[fold]!r} and {name!r} cannot be told apart; keep one.")
        folded[fold] = name
        entries[name] = info
    return entries


def _fold(name: str) -> str:
    """What systems that keep files apart worst make of a name: no case, one form of accents, no dots at the end."""
    return _PASSED_OVER.sub("", unicodedata.normalize("NFC", name.casefold()))


def _decoded_name(info: zipfile.ZipInfo, notes: list[Note]) -> str:
    name = info.orig_filename
    beside = _unicode_path(info.extra) if info.extra else None
    if info.flag_bits & _UTF8_NAME or name.isascii():
        if beside is not None and beside != name:
            raise OfdError("name_clash", f"The entry {name!r} has a second name, {beside!r}; pack it anew.")
        return name
    raw = name.encode("cp437")
    if beside is not None:
        notes.append(Note("name_encoding", f"The entry name {beside!r} is written beside one in another encoding."))
        return beside
    for encoding in ("utf-8", "gb18030"):
        try:
            decoded = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        notes.append(Note("name_encoding", f"The entry name {decoded!r} is not marked as UTF-8; read as {encoding}."))
        return decoded
    raise OfdError("name_encoding", f"The entry name {raw!r} is neither UTF-8 nor GB 18030.")


def _unicode_path(extra: bytes) -> str | None:
    """The name in an Info-ZIP Unicode Path field, which some readers prefer to the entry's own."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = _LENGTHS.unpack_from(extra, at)
        if kind == _UNICODE_PATH:
            return extra[at + 9 : at + 4 + size].decode("utf-8", "replace")
        at += 4 + size
    return None


def _check_name(name: str, limits: Limits) -> None:
    if not name or len(name.encode("utf-8", "surrogatepass")) > limits.name_bytes:
        raise OfdError("name_too_long", f"An entry name is empty or longer than {limits.name_bytes} bytes.")
    if _CONTROL.search(name):
        raise OfdError("name_control", f"The entry name {name!r} holds control characters.")
    if "\\" in name:
        raise OfdError("name_backslash", f"The entry name {name!r} holds a backslash; folders are divided by '/'.")
    if name[0] == "/" or name[1:2] == ":":
        raise OfdError("name_absolute", f"The entry name {name!r} is absolute; names start inside the package.")
    path = name.rstrip("/")
    if _ESCAPE.search(path):
        raise OfdError("name_escape", f"The entry name {name!r} leaves its folder.")
    if path.count("/") >= limits.name_depth:
        raise OfdError("name_too_deep", f"The entry name {name!r} is more than {limits.name_depth} folders deep.")


def _check_coding(name: str, info: zipfile.ZipInfo) -> None:
    if info.flag_bits & (_ENCRYPTED | _STRONG_ENCRYPTION):
        raise OfdError("entry_encrypted", f"The entry {name!r} is encrypted; save the document without a password.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise OfdError("entry_compression", f"The entry {name!r} uses compression method {info.compress_type}.")


def _check_bytes(name: str, info: zipfile.ZipInfo, total: int, limits: Limits) -> None:
    if info.file_size > limits.entry_bytes:
        raise OfdError("entry_too_large", f"The entry {name!r} unpacks to {info.file_size} bytes.")
    if total > limits.total_bytes:
        raise OfdError("total_too_large", f"The package unpacks to more than {limits.total_bytes} bytes.")
    if info.file_size > limits.ratio_from and info.file_size > limits.ratio * max(info.compress_size, 1):
        raise OfdError("ratio_too_high", f"The entry {name!r} unpacks to over {limits.ratio} times its size.")


def _check_places(data: bytes, infos: list[zipfile.ZipInfo], directory: int) -> int:
    """Entries that share compressed bytes are how a small file becomes terabytes; one that the directory does not name
    is how a reader that starts at the front sees another document. Returns where the last entry ends."""
    ends_at = 0
    for info in sorted(infos, key=attrgetter("header_offset")):
        start = info.header_offset
        if start < ends_at:
            raise OfdError("entries_overlap", f"The entry {info.orig_filename!r} overlaps the one before it.")
        _check_gap(data, ends_at, start)
        ends_at = start + _LOCAL_HEADER + info.compress_size
        if ends_at <= len(data):
            ends_at += sum(_LENGTHS.unpack_from(data, start + _LENGTHS_AT))
    _check_gap(data, ends_at, directory)
    return ends_at


def _check_end(data: bytes, entries_end: int, directory: int, count: int) -> None:
    """Every reader finds the same directory: readers differ in which of two end records they take, in whether they
    believe its figures or go by its place, and in when they ask the one of ZIP64."""
    end = data.rfind(_END_SIGNATURE)
    if not _one_directory(data, end, entries_end, directory, count):
        raise OfdError("directory_unclear", "The package's directory can be taken in two ways; pack it anew.")


def _one_directory(data: bytes, end: int, entries_end: int, directory: int, count: int) -> bool:
    if end + _END.size > len(data) or data.find(_END_SIGNATURE, min(entries_end, end)) != end:
        return False
    *_, here, entries, size, offset, comment = _END.unpack_from(data, end)
    directory_end, exact = end, True
    large = end - _ZIP64.size
    if large >= 0 and data.startswith(_LOCATOR_SIGNATURE, end - _LOCATOR_SIZE):
        *_, here64, entries64, size64, offset64, _, _, record, _ = _ZIP64.unpack_from(data, large)
        directory_end = large
        exact = (here64, entries64, size64, offset64, record) == (count, count, large - directory, directory, large)
    return (
        exact
        and end + _END.size + comment == len(data)
        and {here, entries} <= {count, 0xFFFF}
        and size in (directory_end - directory, 0xFFFFFFFF)
        and offset in (directory, 0xFFFFFFFF)
    )


def _check_gap(data: bytes, start: int, end: int) -> None:
    if end - start > 3 and data.find(_LOCAL_SIGNATURE, start, end) >= 0:
        raise OfdError("entry_hidden", f"An entry at byte {start} or later is not in the directory; pack it anew.")
