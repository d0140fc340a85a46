"""Writing a signature into a package: its place, its Signature.xml, its line in Signatures.xml, OFD.xml's pointer."""

from __future__ import annotations

import base64
import copy
import posixpath
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from yichuan.lib.ses import oids

from .errors import OfdError
from .geometry import numbers
from .model import Box, Document, ofd_entry
from .package import Package
from .signatures import SignatureFile, read_records
from .xmlread import child, children, text

_VERSION = "1"  # of what this module writes
_PLACES = 3  # micrometres
NAMESPACE = "http://www.ofdspec.org/2016"
_SIGN_FOLDER = re.compile(r"/Sign_(\d{1,9})/")
_LAST_DIGITS = re.compile(r"(\d{1,9})$")


@dataclass(frozen=True)
class Place:
    """Where a new signature goes: entry names, its folder's number, the first free number for IDs."""

    list_entry: str
    number: int
    first_id: int

    @property
    def folder(self) -> str:
        return f"{posixpath.dirname(self.list_entry)}/Sign_{self.number}".lstrip("/")

    @property
    def signature_entry(self) -> str:
        return f"{self.folder}/Signature.xml"

    @property
    def seal_entry(self) -> str:
        return f"{self.folder}/Seal.esl"

    @property
    def value_entry(self) -> str:
        return f"{self.folder}/SignedValue.dat"

    @property
    def signature_id(self) -> str:
        return _id(self.first_id)

    def stamp_id(self, number: int) -> str:
        """The ID of stamp `number`, from 1."""
        return _id(self.first_id + number)


@dataclass(frozen=True)
class DrawnStamp:
    """A StampAnnot to be written: `box` on the page and `clip` within it are x, y, width, height in mm."""

    id: str
    page_index: int
    page_id: str
    box: Box
    clip: Box | None


def choose_place(package: Package, document: Document, earlier: Sequence[SignatureFile]) -> Place:
    """The next free folder Sign_N and ID. Signs stands in the document's folder unless OFD.xml says otherwise.

    Raises OfdError `signatures_loc` when OFD.xml names a Signatures.xml that is absent and cannot be created.
    """
    folder = posixpath.dirname(document.doc_root)
    list_entry = document.signatures_loc or _declared(package) or f"{folder}/Signs/Signatures.xml".lstrip("/")
    taken = [int(match[1]) for name in package.names() if (match := _SIGN_FOLDER.search(f"/{name}"))]
    ids = [stamp.id for signature in earlier for stamp in signature.stamps]
    ids += [record.id for record in read_records(package)]
    if document.signatures_loc is not None:
        ids += [text(each) for each in children(package.xml(document.signatures_loc), "MaxSignId")]
    numbers = [int(match[1]) for each in ids if (match := _LAST_DIGITS.search(each))]
    return Place(list_entry, max(taken, default=-1) + 1, max(numbers, default=0) + 1)


def _declared(package: Package) -> str | None:
    """The entry that OFD.xml names as Signatures.xml although the package does not hold it."""
    element = child(package.xml(ofd_entry(package)), "DocBody", "Signatures")
    if element is None:
        return None
    name = posixpath.normpath(text(element).replace("\\", "/").lstrip("/"))
    if name.startswith("..") or not name.lower().endswith(".xml"):
        raise OfdError("signatures_loc", f"OFD.xml: Signatures {text(element)!r} names no file; remove the element.")
    return name


def with_signatures_element(package: Package, place: Place) -> dict[str, bytes]:
    """OFD.xml with a Signatures element in its first DocBody; nothing when it has one."""
    entry = ofd_entry(package)
    root = copy.deepcopy(package.xml(entry))
    body = child(root, "DocBody")
    if body is None or child(body, "Signatures") is not None:
        return {}
    # The last of DocBody's children by the schema. Written before the digests are taken: OFD.xml is protected.
    etree.SubElement(body, _like(body, "Signatures")).text = f"/{place.list_entry}"
    return {entry: _xml(root)}


def listed_with(package: Package, place: Place, kind: str, stamp_count: int, relative: str | None) -> bytes:
    """Signatures.xml with the new signature as its last entry; `relative` is the ID it builds on (GM/T 0099-2020)."""
    if place.list_entry in package:
        root = copy.deepcopy(package.xml(place.list_entry))
    else:
        root = etree.Element(f"{{{NAMESPACE}}}Signatures", nsmap={"ofd": NAMESPACE})
    highest = child(root, "MaxSignId")
    if highest is None:
        highest = etree.Element(_like(root, "MaxSignId"))
        root.insert(0, highest)
    highest.text = place.stamp_id(stamp_count)
    entry = etree.SubElement(root, _like(root, "Signature"))
    entry.set("ID", place.signature_id)
    entry.set("Type", kind)
    if relative is not None:
        entry.set("Relative", relative)
    entry.set("BaseLoc", f"/{place.signature_entry}")
    return _xml(root)


def signature_xml(
    place: Place, stamps: Iterable[DrawnStamp], digests: Iterable[tuple[str, bytes]], at: datetime, *, sealed: bool
) -> bytes:
    """Signature.xml, its children in the schema's order (clause 18.2). `at` is UTC, written to the second."""
    root = etree.Element(f"{{{NAMESPACE}}}Signature", nsmap={"ofd": NAMESPACE})
    info = _add(root, "SignedInfo")
    _add(info, "Provider", ProviderName="yichuan", Version=_VERSION, Company="yichuan")
    _add(info, "SignatureMethod").text = oids.SM2_WITH_SM3
    _add(info, "SignatureDateTime").text = at.strftime("%Y%m%d%H%M%SZ")
    references = _add(info, "References", CheckMethod=oids.SM3)
    for name, digest in digests:
        reference = _add(references, "Reference", FileRef=f"/{name}")
        _add(reference, "CheckValue").text = base64.b64encode(digest).decode("ascii")
    for stamp in stamps:
        clip = {} if stamp.clip is None else {"Clip": numbers(stamp.clip, _PLACES)}
        _add(info, "StampAnnot", ID=stamp.id, PageRef=stamp.page_id, Boundary=numbers(stamp.box, _PLACES), **clip)
    if sealed:
        _add(_add(info, "Seal"), "BaseLoc").text = f"/{place.seal_entry}"
    _add(root, "SignedValue").text = f"/{place.value_entry}"
    return _xml(root)


def _add(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", attributes)


def _like(sibling: etree._Element, name: str) -> str:
    """`name` in the namespace that the file itself uses."""
    space = etree.QName(sibling).namespace
    return f"{{{space}}}{name}" if space else name


def _xml(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _id(number: int) -> str:
    return f"s{number:03d}"
