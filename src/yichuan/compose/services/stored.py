"""Whether what is about to leave is there to be read."""

from django.db.models import UUIDField

from yichuan.common import blobs
from yichuan.common.errors import Unavailable
from yichuan.common.prepared import Prepared
from yichuan.compose.models import Attachment, Document

_blobs = Prepared(
    lambda document: Attachment.objects.filter(document=document).values_list("blob", flat=True), document=UUIDField()
)


def require_stored(document: Document) -> None:
    """Before a document is sent: its body and attachments lie in the store, or nothing is sent. File work: no locks.

    Raises `Unavailable` where the store does not answer (the same press works when it does), or where a file is gone.
    """
    store = blobs.store()
    for name in (document.body, *_blobs(document=document.pk)):
        if not store.has(name):
            raise Unavailable("blob_missing", "存储里找不到这件公文的正文或附件，没有发出。请立即告知运行管理员。")
