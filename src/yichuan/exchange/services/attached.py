"""Whether the attachments in the box are those that were sent."""

import json
import uuid
from collections.abc import Iterable

from django.db.models import UUIDField

from yichuan.common import memory, sealed
from yichuan.common.among import Several
from yichuan.common.errors import Unavailable
from yichuan.common.prepared import Prepared
from yichuan.compose.models import Attachment, Document
from yichuan.compose.services.read import attachments_digest
from yichuan.exchange.models import Delivery
from yichuan.lib.gm.sm3 import Sm3

_of_each = Prepared(
    lambda documents: Attachment.objects.filter(document__pk__among=documents), documents=Several(UUIDField())
)


def list_at_once(documents: Iterable[Document]) -> None:
    """Read which attachments these documents have, in one question: what `prefetch_related_objects` does, asked in
    every case. `attachments.all()` of each asks no more."""
    unread = [each for each in documents if "attachments" not in getattr(each, "_prefetched_objects_cache", {})]
    files: dict[uuid.UUID, list[Attachment]] = {each.pk: [] for each in unread}
    for file in _of_each(documents=files) if files else ():
        files[file.document_id].append(file)
    for document in unread:
        listed = document.attachments.all()
        listed._result_cache = files[document.pk]
        document._prefetched_objects_cache = {"attachments": listed}  # type: ignore[attr-defined]


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
    except Unavailable as refusal:
        if refusal.code not in sealed.LOST:
            raise
        return False
    return digest.digest().hex() == file.digest
