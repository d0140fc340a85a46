"""The draft as it would look: typeset in memory, once for each saving, and never written down."""

from yichuan.common import memory
from yichuan.compose.models import Document
from yichuan.compose.services.content import read_content
from yichuan.compose.services.finish import typeset_fields
from yichuan.lib.ofd.model import read_document
from yichuan.lib.ofd.package import Package


def draft_body(document: Document) -> bytes:
    """The OFD of a draft as last saved. Raises `Invalid`, one message a field, where it cannot be typeset."""
    return memory.remember(
        ("draft", document.content, document.pk),
        lambda: typeset_fields(document.pk, *read_content(document)).ofd,
    )


def page_sizes(ofd: bytes) -> list[tuple[float, float]]:
    """Width and height of every page, millimetres."""
    return [(page.width_mm, page.height_mm) for page in read_document(Package.open(ofd)).pages]
