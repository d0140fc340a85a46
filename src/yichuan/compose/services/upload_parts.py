"""Uploads that arrive in parts and go on after a cut, from a page or from an office system.

Each part is written encrypted before it counts; what counts is said by `Upload.received`, so that whoever was cut off
asks for that number and goes on from there. Nothing of a file is ever plain at rest, nor whole in memory.
"""

import uuid
from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Sum

from yichuan.common import clock, sealed
from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.compose.drafting.filetypes import HEAD, Seen, recognise_seen, require_taken
from yichuan.compose.models import Attachment, Upload, UploadPart
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.services.keys import own_key
from yichuan.compose.services.save import own
from yichuan.compose.services.uploads import MOST_ATTACHED, file_name, keep_attachment
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.services.device import device, unavailable
from yichuan.lib.gm.sm3 import Sm3
from yichuan.lib.kinds import TextWatch
from yichuan.org.models import Unit
from yichuan.org.selectors import box_of
from yichuan.people.models import Account

LARGEST = MOST_ATTACHED
LARGEST_PART = 8 * 2**20
MOST_PARTS = 10_000
MOST_OPEN = 40
MOST_OPEN_BYTES = 4 * LARGEST
KEPT = timedelta(days=1)
GONE = "这次上传已经过期或者不存在，请重新选择文件。"


def begin_upload(*, actor: Account, unit: Unit, name: str, size: int, media_type: str = "") -> Upload:
    """Announce a file of `size` bytes. A command. Raises `Invalid` for `file` before anything of it has arrived."""
    check(actor, ComposePermission.WRITE, unit)
    name = file_name(name)
    require_taken(name)
    if not 0 < size <= LARGEST:
        why = "是空文件" if size <= 0 else f"太大，每个文件不超过 {LARGEST // 2**20} MB"
        raise Invalid({"file": f"「{name}」{why}，没有上传。"})
    box, at = box_of(unit.pk), clock.now()
    said = "" if hides_something(media_type) else media_type[:100]  # what it is, its bytes say when it is taken
    upload = Upload(unit=unit, account=actor, name=name, media_type=said, size=size)
    upload.state, upload.begun_at, upload.changed_at = Upload.State.ARRIVING, at, at
    try:
        upload.wrapped_key = device().wrap(box.wrapping_label, sealed.new_key(), _context(upload))
    except DeviceError as error:
        raise unavailable(error) from error
    with command():
        Account.objects.select_for_update().get(pk=actor.pk)  # two of one person's count each other
        waiting = Upload.objects.filter(account=actor).exclude(state=Upload.State.TAKEN)
        if waiting.count() >= MOST_OPEN or (waiting.aggregate(all=Sum("size"))["all"] or 0) + size > MOST_OPEN_BYTES:
            raise Refused("uploads_waiting", "没有用完的上传太多，请先添加或取消前面的文件，再上传新的。")
        upload.save(force_insert=True)
    return upload


def own_upload(actor: Account, upload_id: uuid.UUID) -> Upload:
    """An upload of this very account; another's looks as if it did not exist."""
    upload = Upload.objects.select_related("unit").filter(pk=upload_id, account=actor).first()
    if upload is None or not actor.has_perm(ComposePermission.WRITE, upload.unit):
        raise NotFound("no_upload", GONE)
    return upload


def append(*, actor: Account, upload_id: uuid.UUID, offset: int, data: bytes) -> Upload:
    """Add the part that begins at byte `offset`. A command.

    Raises `Refused` `upload_offset` where another part is wanted (ask for the upload and go on from `received`).
    """
    upload = own_upload(actor, upload_id)
    _require_next(upload, offset, len(data))
    blob = sealed.write_bytes(_key(upload), _part_context(upload, offset), data)
    with command():
        upload = Upload.objects.select_for_update().get(pk=upload.pk)
        _require_next(upload, offset, len(data))
        if upload.parts.count() >= MOST_PARTS:
            raise Invalid({"file": f"「{upload.name}」分得太细，没有传完。请重新选择文件，每段不少于 64 KB。"})
        UploadPart.objects.create(upload=upload, offset=offset, size=len(data), blob=blob)
        upload.received = offset + len(data)
        upload.changed_at = clock.now()
        if upload.received == upload.size:
            upload.state = Upload.State.COMPLETE
        upload.save(update_fields=["received", "changed_at", "state"])
    return upload


def _require_next(upload: Upload, offset: int, size: int) -> None:
    if upload.state != Upload.State.ARRIVING or offset != upload.received:
        raise Refused("upload_offset", f"文件已传到第 {upload.received} 字节，请从那里继续。", field="offset")
    if not 0 < size <= LARGEST_PART or offset + size > upload.size:
        raise Invalid({"file": f"这一段有 {size} 字节，与申报的文件大小不符，没有保存。请重新选择文件。"})


def cancel(*, actor: Account, upload_id: uuid.UUID) -> None:
    """Give an upload up. A command; what arrived of it is swept."""
    upload = own_upload(actor, upload_id)
    with command():
        Upload.objects.filter(pk=upload.pk).exclude(state=Upload.State.TAKEN).delete()


def content(upload: Upload) -> Iterator[bytes]:
    """The plain file in pieces. Raises `Refused` `upload_unfinished` where something is missing still."""
    if upload.state == Upload.State.ARRIVING:
        raise Refused("upload_unfinished", f"「{upload.name}」还没有传完，请等它传完再添加。")
    key, at = _key(upload), 0
    for part in upload.parts.all():
        if part.offset != at:
            raise Refused("upload_unfinished", f"「{upload.name}」缺少一段，请重新上传。")
        yield from sealed.read(key, _part_context(upload, part.offset), part.blob)
        at += part.size
    if at != upload.size:
        raise Refused("upload_unfinished", f"「{upload.name}」缺少一段，请重新上传。")


def read_upload(*, actor: Account, upload_id: uuid.UUID, most: int) -> tuple[str, bytes]:
    """Name and content of a finished upload that is to be held in memory, of at most `most` bytes."""
    upload = own_upload(actor, upload_id)
    if upload.size > most:
        raise Invalid({"file": f"「{upload.name}」太大，不超过 {most // 2**20} MB，没有保存。"})
    return upload.name, b"".join(content(upload))


def attach_upload(*, actor: Account, document_id: uuid.UUID, upload_id: uuid.UUID) -> Attachment:
    """Make a finished upload an attachment, piece by piece from its own key under the document's. A command."""
    document = own(actor, document_id, ComposePermission.WRITE)
    upload = own_upload(actor, upload_id)
    if upload.state == Upload.State.TAKEN:
        raise Refused("upload_taken", f"「{upload.name}」已经添加过了。")
    attachment = Attachment(document=document, name=upload.name)
    watch = _Watch(content(upload))
    attachment.blob = sealed.write(own_key(document), attachment.context, watch)
    attachment.media_type = recognise_seen(upload.name, watch.seen(), most=LARGEST)
    attachment.size, attachment.digest = upload.size, watch.digest.digest().hex()
    with command():
        locked = Upload.objects.select_for_update().filter(pk=upload.pk).first()
        if locked is None or locked.state != Upload.State.COMPLETE:
            raise Refused("upload_taken", f"「{upload.name}」已经添加过了。")
        keep_attachment(actor, attachment)
        take(locked)
    return attachment


def take(upload: Upload) -> None:
    """Mark a locked upload as used; its parts are swept. A step's helper."""
    upload.parts.all().delete()
    upload.state = Upload.State.TAKEN
    upload.changed_at = clock.now()
    upload.save(update_fields=["state", "changed_at"])


def sweep_uploads() -> int:
    """Forget what nobody touched for a day. A command for the ticker; the blobs go with the next sweep."""
    with command():
        gone, _ = Upload.objects.filter(changed_at__lt=clock.now() - KEPT).delete()
    return gone


class _Watch:
    """What passes by on its way into the store: digest, size, first bytes, whether it is text."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._text = TextWatch()
        self._size, self._head = 0, b""
        self.digest = Sm3()

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self._size += len(piece)
            self._head = (self._head + piece)[:HEAD] if len(self._head) < HEAD else self._head
            self._text.see(piece)
            self.digest.update(piece)
            yield piece

    def seen(self) -> Seen:
        return Seen(self._size, self._head, self._text.is_text())


def _key(upload: Upload) -> bytes:
    try:
        return device().unwrap(box_of(upload.unit_id).wrapping_label, bytes(upload.wrapped_key), _context(upload))
    except DeviceError as error:
        if error.code == "wrong_context":  # the unit's box went under another key meanwhile
            raise NotFound("no_upload", GONE) from error
        raise unavailable(error) from error


def _context(upload: Upload) -> bytes:
    return f"upload:{upload.pk}".encode()


def _part_context(upload: Upload, offset: int) -> str:
    return f"upload:{upload.pk}:{offset}"
