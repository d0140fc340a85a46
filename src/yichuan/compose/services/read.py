"""Reading a document of one's own unit: the body, its pages, its attachments."""

import json
import uuid
from collections.abc import Iterator
from itertools import chain

from yichuan.common import memory, sealed
from yichuan.common.errors import NotFound, Refused
from yichuan.compose.models import Attachment, Document
from yichuan.compose.services.keys import own_key
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.svg import page_to_svg


def read_body(document: Document) -> bytes:
    """The OFD as it is. The caller has checked permission (`services.save.own`)."""
    if not document.body:
        raise Refused("not_finished", "这件公文还没有制版，请先完成制作。")
    return memory.remember(
        ("body", document.body, document.pk),
        lambda: sealed.read_bytes(own_key(document), document.body_context, document.body),
    )


def draw_page(body: bytes, digest: str, page_index: int) -> str:
    """One page of an opened OFD as SVG that can stand inside a page of ours. Raises `NotFound` beyond the last."""

    def draw() -> str:
        return page_to_svg(Package.open(body), page_index, prefix=f"p{page_index}-")

    try:
        return memory.remember(("page", digest, page_index), draw)
    except OfdError as error:
        if error.code == "page_missing":
            raise NotFound("no_page", "没有这一页。") from error
        raise Refused("cannot_draw", f"这一页画不出来，请联系发文单位。（{error.code}）") from error


def attachments_digest(document: Document) -> str:
    """SM3 over the list of the attachments, each with its place, name, size and digest; "" where there are none."""
    listed = [[file.order, file.name, file.size, file.digest] for file in document.attachments.all()]
    return sm3(json.dumps(listed, ensure_ascii=False).encode()).hex() if listed else ""


def read_attachment(document: Document, key: bytes, attachment_id: uuid.UUID) -> tuple[Attachment, Iterator[bytes]]:
    """An attachment with its content in pieces, under the document's key as the caller opened it.

    The first piece is read at once, so that what cannot be opened is refused before an answer has begun.
    """
    attachment = document.attachments.filter(pk=attachment_id).first()
    if attachment is None:
        raise NotFound("no_attachment", "没有这个附件。")
    pieces = sealed.read(key, attachment.context, attachment.blob)
    return attachment, chain([next(pieces, b"")], pieces)
