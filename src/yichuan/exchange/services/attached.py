"""Whether the attachments in the box are those that were sent."""

import json

from yichuan.common import memory, sealed
from yichuan.common.errors import Unavailable
from yichuan.compose.models import Attachment
from yichuan.compose.services.read import attachments_digest
from yichuan.exchange.models import Delivery
from yichuan.lib.gm.sm3 import Sm3


def altered_attachments(delivery: Delivery, key: bytes, *, anew: bool) -> list[str]:
    """The names of attachments that are not as they were sent; the whole list's name where the list itself is not.

    Reading them all takes seconds where they are large. Verbs read them `anew`; the page, which is shown many times,
    remembers what this process found for the same files.
    """
    files = list(delivery.dispatch.document.attachments.all())
    if attachments_digest(delivery.dispatch.document) != delivery.dispatch.attachments_digest:
        return ["附件清单"]
    if not files:
        return []

    def look() -> str:
        return json.dumps([file.name for file in files if not _intact(file, key)])

    found = look() if anew else memory.remember(("attached", delivery.pk, *(file.blob for file in files)), look)
    return list(json.loads(found))


def _intact(file: Attachment, key: bytes) -> bool:
    digest = Sm3()
    try:
        for chunk in sealed.read(key, file.context, file.blob):
            digest.update(chunk)
    except Unavailable:
        return False
    return digest.digest().hex() == file.digest
