"""The small centre's documents are typeset and converted once a process; what is their own is written for each.

Twice the same document gives the same bytes (`lib.gongwen.typeset`), and so does twice the same PDF but for OFD.xml,
where the document's number, day and names stand (`lib.ofd.convert`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from yichuan.lib.gongwen.fonts import FontSet
    from yichuan.lib.gongwen.model import Gongwen
    from yichuan.lib.gongwen.typeset import Typeset
    from yichuan.lib.ofd.model import DocumentInfo
    from yichuan.lib.ofd.package import Package

MOST_KEPT = 200


@contextmanager
def typesetting_once() -> Iterator[None]:
    """In the place of `typeset` in finishing and of `pdf_to_ofd` where it is loaded when needed."""
    from yichuan.compose.services import finish
    from yichuan.lib.ofd import convert
    from yichuan.lib.ofd.convert.writer import ofd_xml
    from yichuan.lib.ofd.package import Package

    typeset, pdf_to_ofd = finish.typeset, convert.pdf_to_ofd
    typesets: dict[str, Typeset] = {}
    packages: dict[bytes, Package] = {}

    def typeset_once(document: Gongwen, fonts: FontSet) -> Typeset:
        key = repr((document, fonts))
        if key not in typesets:
            if len(typesets) > MOST_KEPT:
                typesets.clear()
            typesets[key] = typeset(document, fonts)
        return typesets[key]

    def convert_once(pdf: bytes, *, info: DocumentInfo, **others: Any) -> bytes:
        if others or not info.doc_id:
            return pdf_to_ofd(pdf, info=info, **others)
        if pdf not in packages:
            made = pdf_to_ofd(pdf, info=info)
            if len(packages) > MOST_KEPT:
                packages.clear()
            packages[pdf] = Package.open(made)
            return made
        return packages[pdf].replace({"OFD.xml": ofd_xml(info, info.doc_id)})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finish, "typeset", typeset_once)
        patch.setattr(convert, "pdf_to_ofd", convert_once)
        yield
