"""The key of a document: made with it, wrapped for the boxes that hold it, never kept in the clear."""

from collections.abc import Iterable

from yichuan.common.errors import NotFound
from yichuan.compose.models import Document
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.services.device import device, look_ahead, unavailable
from yichuan.org.models import Box

UNREADABLE = "这件公文的密钥打不开，看不到内容。收到的公文请退回或者申请重发，本单位的公文请与交换中心联系。"


def wrap_for(box: Box, document: Document, key: bytes) -> bytes:
    """The document's key for one box, bound to box and document."""
    try:
        return device().wrap(box.wrapping_label, key, document.key_context)
    except DeviceError as error:
        raise unavailable(error) from error


def wrap_for_all(labels: Iterable[str], document: Document, key: bytes) -> dict[str, bytes]:
    """The document's key for many boxes, each named by the label of its wrapping key and bound to it."""
    wanted = list(labels)
    look_ahead(wanted)
    try:
        wrap, context = device().wrap, document.key_context
        return {label: wrap(label, key, context) for label in wanted}
    except DeviceError as error:
        raise unavailable(error) from error


def unwrap_from(box: Box, document: Document, wrapped: bytes) -> bytes:
    """The document's key out of one box's wrap."""
    try:
        return device().unwrap(box.wrapping_label, wrapped, document.key_context)
    except DeviceError as error:
        if error.code == "wrong_context":
            raise NotFound("no_document", UNREADABLE) from error
        raise unavailable(error) from error


def own_key(document: Document) -> bytes:
    """The key, opened with the box that the document was made in."""
    return unwrap_from(document.box, document, bytes(document.wrapped_key))
