"""How much of a stranger's package is read before it is refused."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds on a package, in bytes unless named otherwise. The defaults fit a scanned book of a thousand pages."""

    package_bytes: int = 256 * MIB
    entries: int = 20_000
    entry_bytes: int = 128 * MIB
    total_bytes: int = 512 * MIB
    ratio: int = 250
    """Uncompressed to compressed size; asked only of entries over `ratio_from` bytes."""
    ratio_from: int = 4 * MIB
    name_bytes: int = 512
    name_depth: int = 24
    """Folders an entry may be deep."""
    xml_bytes: int = 32 * MIB
    xml_depth: int = 64
    """Elements an XML entry may be deep."""
    xml_nodes: int = 1_000_000
    """Elements and attributes of an XML entry."""
    pages: int = 20_000
    image_pixels: int = 80_000_000
    """Width times height of a picture that is drawn."""
    work_bytes: int = 2048 * MIB
    """Bytes unpacked and parsed over the life of an opened package, those read again included: bounds its time."""
    signatures: int = 200
    signature_bytes: int = 32 * MIB
    """Signature values, over all signatures."""
    references: int = 100_000
    """Protected files, over all signatures."""
