"""Files that arrive in parts: in order, after cuts, within bounds, never plain at rest."""

import uuid
from datetime import timedelta

import pytest

from support.world import World
from yichuan.common import blobs, clock
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.compose.models import Attachment, Upload, UploadPart
from yichuan.compose.selectors import blob_names
from yichuan.compose.services import upload_parts
from yichuan.compose.services.keys import own_key
from yichuan.compose.services.read import read_attachment
from yichuan.compose.services.upload_parts import append, attach_upload, begin_upload, cancel, content, sweep_uploads
from yichuan.lib.gm.sm3 import sm3

CSV = "监测断面,水质\n".encode() * 1000


def _begin(world: World, name: str = "表一.csv", size: int = len(CSV)) -> Upload:
    return begin_upload(actor=world.sending_clerk, unit=world.sender, name=name, size=size)


def _send(world: World, upload: Upload, data: bytes = CSV, *, part: int = 7_000) -> Upload:
    for offset in range(0, len(data), part):
        piece = data[offset : offset + part]
        upload = append(actor=world.sending_clerk, upload_id=upload.pk, offset=offset, data=piece)
    return upload


def test_parts_in_order_make_the_file_byte_for_byte(world: World) -> None:
    upload = _send(world, _begin(world))
    assert (upload.state, upload.received) == (Upload.State.COMPLETE, len(CSV))
    assert b"".join(content(upload)) == CSV


def test_who_was_cut_off_goes_on_from_what_arrived(world: World) -> None:
    upload, clerk = _begin(world), world.sending_clerk
    append(actor=clerk, upload_id=upload.pk, offset=0, data=CSV[:5_001])
    with pytest.raises(Refused) as refusal:  # the answer to the first part was lost, and it is sent again
        append(actor=clerk, upload_id=upload.pk, offset=0, data=CSV[:5_001])
    assert refusal.value.code == "upload_offset"
    assert "5001" in refusal.value.message
    upload = append(actor=clerk, upload_id=upload.pk, offset=5_001, data=CSV[5_001:])
    assert b"".join(content(upload)) == CSV


def test_nothing_of_it_lies_plain_in_the_store(world: World) -> None:
    upload = _send(world, _begin(world))
    stored = b"".join(b"".join(blobs.store().read(part.blob)) for part in upload.parts.all())
    assert "监测断面".encode() not in stored
    assert set(upload.parts.values_list("blob", flat=True)) <= set(blob_names())


def test_a_finished_upload_becomes_an_attachment_once(world: World) -> None:
    document, upload = world.draft(), _send(world, _begin(world))
    kept = attach_upload(actor=world.sending_clerk, document_id=document.pk, upload_id=upload.pk)
    assert (kept.name, kept.size, kept.media_type, kept.digest) == ("表一.csv", len(CSV), "text/csv", sm3(CSV).hex())
    assert b"".join(read_attachment(document, own_key(document), kept.pk)[1]) == CSV
    assert not UploadPart.objects.exists()
    with pytest.raises(Refused) as refusal:
        attach_upload(actor=world.sending_clerk, document_id=document.pk, upload_id=upload.pk)
    assert refusal.value.code == "upload_taken"
    assert Attachment.objects.count() == 1


def test_what_has_not_all_arrived_is_no_attachment(world: World) -> None:
    document, upload = world.draft(), _begin(world)
    append(actor=world.sending_clerk, upload_id=upload.pk, offset=0, data=CSV[:100])
    with pytest.raises(Refused) as refusal:
        attach_upload(actor=world.sending_clerk, document_id=document.pk, upload_id=upload.pk)
    assert refusal.value.code == "upload_unfinished"
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("name", "data"),
    [("图.png", CSV), ("表.csv", CSV[:-1] + b"\x00"), ("文.txt", b"\xff\xfe\xff\xff" * 10), ("件.docx", b"MZ" * 40)],
)
def test_what_is_not_what_it_is_called_is_refused_when_it_has_arrived(world: World, name: str, data: bytes) -> None:
    document = world.draft()
    upload = _send(world, _begin(world, name, len(data)), data)
    with pytest.raises(Invalid) as refusal:
        attach_upload(actor=world.sending_clerk, document_id=document.pk, upload_id=upload.pk)
    assert name in refusal.value.errors["file"]
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("name", "size"),
    [("a.exe", 10), ("a.csv", 0), ("a.csv", -1), ("a.csv", upload_parts.LARGEST + 1), ("", 10), ("a\u202e.csv", 10)],
)
def test_what_can_never_be_taken_is_refused_before_it_is_sent(world: World, name: str, size: int) -> None:
    with pytest.raises(Invalid):
        _begin(world, name, size)
    assert not Upload.objects.exists()


@pytest.mark.parametrize("data", [b"", CSV + b"x", bytes(upload_parts.LARGEST_PART + 1)])
def test_a_part_outside_the_announced_size_is_not_kept(world: World, data: bytes) -> None:
    upload = _begin(world)
    with pytest.raises(Invalid):
        append(actor=world.sending_clerk, upload_id=upload.pk, offset=0, data=data)
    assert not UploadPart.objects.exists()


def test_a_file_in_endless_crumbs_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_parts, "MOST_PARTS", 3)
    upload = _begin(world)
    with pytest.raises(Invalid):
        _send(world, upload, part=1)
    assert UploadPart.objects.count() == 3


def test_another_person_sees_nothing_of_it(world: World) -> None:
    upload = _begin(world)
    for call in (
        lambda who: append(actor=who, upload_id=upload.pk, offset=0, data=CSV),
        lambda who: cancel(actor=who, upload_id=upload.pk),
        lambda who: attach_upload(actor=who, document_id=uuid.uuid4(), upload_id=upload.pk),
    ):
        with pytest.raises(NotFound):
            call(world.clerk["市环保局"])
    assert Upload.objects.get().received == 0


def test_one_person_cannot_fill_the_store_with_what_is_never_used(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_parts, "MOST_OPEN", 2)
    first = _begin(world)
    _begin(world)
    with pytest.raises(Refused) as refusal:
        _begin(world)
    assert refusal.value.code == "uploads_waiting"
    cancel(actor=world.sending_clerk, upload_id=first.pk)
    _begin(world)


def test_what_nobody_touched_for_a_day_is_forgotten(world: World) -> None:
    old = _begin(world)
    append(actor=world.sending_clerk, upload_id=old.pk, offset=0, data=CSV[:10])
    with clock.fixed_at(clock.now() + timedelta(hours=23)):
        fresh = _begin(world)
    with clock.fixed_at(clock.now() + timedelta(hours=25)):
        sweep_uploads()
    assert list(Upload.objects.values_list("pk", flat=True)) == [fresh.pk]
    assert not UploadPart.objects.exists()
