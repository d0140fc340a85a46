"""How much of a stranger's PDF is read before it is refused."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds on a PDF, in bytes unless named otherwise. The defaults fit a scanned book of a thousand pages."""

    file_bytes: int = 256 * MIB
    objects: int = 200_000
    """Objects that the cross-reference sections may list, all together."""
    stream_bytes: int = 128 * MIB
    """What one stream may unpack to."""
    total_bytes: int = 512 * MIB
    """What all streams together may unpack to; a stream that is read twice counts twice."""
    reads: int = 50_000_000
    """Pieces (mostly single bytes) that may be taken from the file: what bounds the time, to about a minute."""
    pages: int = 20_000
    fields: int = 5_000
    """Form fields, signature fields among them."""
    signatures: int = 64
    revisions: int = 128
    """States of the file: the first one, and one for each update that was appended."""


DEFAULT = Limits()
