"""The files of an OFD document (GB/T 33190-2016 clauses 7 and 8) from pages that are already objects."""

import hashlib
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from ..geometry import number
from ..model import DocumentInfo
from ..package import write_package
from .colour import CMYK_SPACE_ID
from .fonts import PdfFont
from .resources import Resources
from .type3 import Type3Font

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_RGB_SPACE_ID = 1
_RESOURCES = (
    "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes><ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>"
    f"<ofd:DefaultCS>{_RGB_SPACE_ID}</ofd:DefaultCS>"
)


@dataclass(frozen=True)
class WrittenPage:
    """A finished page: size in mm and its objects as XML."""

    width_mm: float
    height_mm: float
    objects: list[str]


def write_document(info: DocumentInfo, pages: list[WrittenPage], resources: Resources, source: bytes) -> bytes:
    """The package. Without a `doc_id` the DocID is drawn from the source, so that it stays the same."""
    entries: dict[str, bytes] = {}
    doc_id = info.doc_id or hashlib.sha256(source).hexdigest()[:32]
    entries["OFD.xml"] = ofd_xml(info, doc_id)
    references = [(resources.next_id(), resources.next_id()) for _ in pages]
    fonts = [font for font in resources.fonts.values() if font.used]
    files = {f"font_{font.id}{font.suffix}": font.file() for font in fonts if font.suffix}
    files |= {f"image_{number_}{image.suffix}": image.data for number_, image in resources.images.values()}
    entries["Doc_0/Document.xml"] = document_xml(pages, [page for page, _ in references], resources.last_id, _RESOURCES)
    entries["Doc_0/PublicRes.xml"] = _public_resources(fonts)
    entries["Doc_0/DocumentRes.xml"] = _document_resources(resources)
    for index, (page, (_, layer)) in enumerate(zip(pages, references, strict=True)):
        entries[f"Doc_0/Pages/Page_{index}/Content.xml"] = page_xml(page, layer)
    entries.update((f"Doc_0/Res/{name}", data) for name, data in files.items())
    return write_package(entries)


def ofd_xml(info: DocumentInfo, doc_id: str) -> bytes:
    """OFD.xml with one document, Doc_0."""
    created = info.created.date().isoformat() if info.created else ""
    fields = [("DocID", doc_id), ("Title", info.title), ("Author", info.author), ("Subject", info.subject)]
    texts = "".join(f"<ofd:{name}>{escape(_clean(value))}</ofd:{name}>" for name, value in fields if value)
    if created:
        texts += f"<ofd:CreationDate>{created}</ofd:CreationDate>"
    if info.keywords:
        words = "".join(f"<ofd:Keyword>{escape(_clean(word))}</ofd:Keyword>" for word in info.keywords)
        texts += f"<ofd:Keywords>{words}</ofd:Keywords>"
    texts += f"<ofd:Creator>{escape(_clean(info.creator))}</ofd:Creator>"
    return (
        f'{HEAD}<ofd:OFD {NAMESPACE} Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo>{texts}</ofd:DocInfo>'
        f"<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    ).encode()


def page_xml(page: WrittenPage, layer: int) -> bytes:
    """One page with one body layer."""
    return (
        f"{HEAD}<ofd:Page {NAMESPACE}><ofd:Area>{_box(page)}</ofd:Area><ofd:Content>"
        f'<ofd:Layer ID="{layer}" Type="Body">\n' + "\n".join(page.objects) + "\n</ofd:Layer></ofd:Content></ofd:Page>"
    ).encode()


def document_xml(pages: list[WrittenPage], page_ids: list[int], last_id: int, resources: str = "") -> bytes:
    """Document.xml; `resources` are the elements that name the resource files."""
    listed = "".join(
        f'<ofd:Page ID="{page_id}" BaseLoc="Pages/Page_{index}/Content.xml"/>' for index, page_id in enumerate(page_ids)
    )
    return (
        f"{HEAD}<ofd:Document {NAMESPACE}><ofd:CommonData><ofd:MaxUnitID>{last_id}</ofd:MaxUnitID>"
        f"<ofd:PageArea>{_box(pages[0])}</ofd:PageArea>{resources}"
        f"</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>"
    ).encode()


def _public_resources(fonts: list[PdfFont | Type3Font]) -> bytes:
    listed = "".join(
        f'<ofd:Font ID="{font.id}" FontName={quoteattr(font.name)} FamilyName={quoteattr(font.family)}'
        + (' Bold="true"' if font.bold else "")
        + (f"><ofd:FontFile>font_{font.id}{font.suffix}</ofd:FontFile></ofd:Font>" if font.suffix else "/>")
        for font in fonts
    )
    spaces = (
        f'<ofd:ColorSpaces><ofd:ColorSpace ID="{_RGB_SPACE_ID}" Type="RGB" BitsPerComponent="8"/>'
        f'<ofd:ColorSpace ID="{CMYK_SPACE_ID}" Type="CMYK" BitsPerComponent="8"/></ofd:ColorSpaces>'
    )
    body = spaces + (f"<ofd:Fonts>{listed}</ofd:Fonts>" if listed else "")
    return f'{HEAD}<ofd:Res {NAMESPACE} BaseLoc="Res">{body}</ofd:Res>'.encode()


def _document_resources(resources: Resources) -> bytes:
    listed = "".join(
        f'<ofd:MultiMedia ID="{id_}" Type="Image" Format="{image.format}">'
        f"<ofd:MediaFile>image_{id_}{image.suffix}</ofd:MediaFile></ofd:MultiMedia>"
        for id_, image in resources.images.values()
    )
    body = f"<ofd:MultiMedias>{listed}</ofd:MultiMedias>" if listed else ""
    if resources.units:
        body += f"<ofd:CompositeGraphicUnits>{''.join(resources.units.values())}</ofd:CompositeGraphicUnits>"
    return f'{HEAD}<ofd:Res {NAMESPACE} BaseLoc="Res">{body}</ofd:Res>'.encode()


def _box(page: WrittenPage) -> str:
    return f"<ofd:PhysicalBox>0 0 {number(page.width_mm)} {number(page.height_mm)}</ofd:PhysicalBox>"


def _clean(value: str) -> str:
    """Text without the control characters that XML cannot hold."""
    return "".join(char for char in value if char >= " " or char in "\t\n")
