"""CEB, the older exchange format of 方正 Apabi: recognised, and carried as it is.

There is no public specification, the body is enciphered, and a conversion would not be the sealed original. So a CEB is
an opaque file; who sent it, a detached signature says (GB/T 35275). What is read here was found in files by others.
"""

from __future__ import annotations

from dataclasses import dataclass

MAGIC = b"Founder CEB"

_VERSION_AT, _VERSION_END = 0x0C, 0x14
_SECTIONS_AT = 0x14
_TABLE_AT, _ENTRY = 0x1F, 17


class CebError(ValueError):
    """A file that is no CEB, or a damaged one. `code` is `not_ceb` or `ceb_damaged`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class CebHeader:
    """`version` as written ("2.50f", "2.99D"; "" in the oldest files), `sections` how many parts the file lists."""

    version: str
    sections: int


def read_ceb_header(data: bytes) -> CebHeader:
    """The header of a CEB. Its section table must lie inside the file, so that one cut off in transit shows.

    Raises CebError: `not_ceb`, `ceb_damaged`.
    """
    if not data.startswith(MAGIC) or data[len(MAGIC) : _VERSION_AT] not in (b"\0", b" "):
        raise CebError("not_ceb", "The file does not start as a CEB does (Founder CEB).")
    if len(data) < _TABLE_AT:
        raise CebError("ceb_damaged", "The CEB ends inside its header; have it sent again.")
    written = data[_VERSION_AT:_VERSION_END].split(b"\0", 1)[0]
    if not written.isascii() or any(octet < 0x20 for octet in written):
        raise CebError("ceb_damaged", "The CEB's version is not text; the file is damaged.")
    sections = int.from_bytes(data[_SECTIONS_AT : _SECTIONS_AT + 2], "little")
    for number in range(sections):
        entry = data[_TABLE_AT + _ENTRY * number :][:_ENTRY]
        offset, length = (int.from_bytes(entry[at : at + 4], "little") for at in (0, 4))
        if len(entry) < _ENTRY or offset + length > len(data):
            raise CebError("ceb_damaged", f"Section {number + 1} of {sections} lies outside the file; it was cut off.")
    return CebHeader(written.decode("ascii"), sections)
