"""Pages of an OFD as PDF."""

from collections.abc import Sequence

from ..model import DocumentInfo
from ..package import Package
from ..scene.fonts import FontResolver
from ..scene.reader import SceneReader
from .document import Paper
from .outline import read_outline


def ofd_to_pdf(
    package: Package,
    *,
    pages: Sequence[int] | None = None,
    fonts: FontResolver | None = None,
    stamps: bool = True,
    printing: bool = False,
    info: DocumentInfo | None = None,
) -> bytes:
    """The pages (numbers from 0; all when None) as a PDF 1.7 of the same size, in the order given.

    Text is text in embedded subset fonts, shapes are vectors, images keep their data. `fonts` finds fonts that the
    document names but does not carry; without it such text is there to be found, with boxes for its glyphs.
    `stamps` draws the seals; `printing` leaves out what is for the screen only. `info` is what the PDF says of itself:
    the document's own when None. What cannot be drawn as it stands is noted in `package.notes`. The same package and
    arguments always give the same bytes. A drawn seal is not a verified one, and the OFD's signatures sign no PDF.

    Raises OfdError: `page_missing`, `page_too_large`, `page_too_complex`, `document_too_complex`, and what
    `read_document` and `Package.xml` raise.
    """
    reader = SceneReader(package, fonts=fonts)
    paper = Paper(package.note)
    for index in range(len(reader.document.pages)) if pages is None else pages:
        paper.add(reader.scene(index, stamps=stamps, printing=printing), index)
    return paper.finish(info or reader.document.info, read_outline(package, reader.document))
