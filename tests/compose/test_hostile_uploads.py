"""Uploads by somebody who means ill: another's id, odd lengths, hidden characters, two parts at one place."""

import base64
from typing import Any

import pytest

from support.at_once import at_once
from support.world import World
from yichuan.common import sealed
from yichuan.common.errors import NotFound, Refused
from yichuan.compose.models import Document, Upload, UploadPart
from yichuan.compose.services.keys import own_key
from yichuan.compose.services.upload_parts import append, attach_upload, begin_upload, cancel, content

DATA = b"a,b\n" * 500
PART = "application/offset+octet-stream"


def _begin(world: World, name: str = "表.csv", size: int = len(DATA)) -> Upload:
    return begin_upload(actor=world.sending_clerk, unit=world.sender, name=name, size=size)


def test_nobody_elses_upload_is_there(world: World) -> None:
    upload, stranger = _begin(world), world.browser(world.clerk["市环保局"])
    address, headers = f"/uploads/{upload.pk}/", {"Upload-Offset": "0"}
    for answer in (
        stranger.head(address),
        stranger.delete(address),
        stranger.patch(address, DATA, content_type=PART, headers=headers),
    ):
        assert answer.status_code == 404
    with pytest.raises(NotFound):
        cancel(actor=world.clerk["市环保局"], upload_id=upload.pk)
    document = world.draft()
    append(actor=world.sending_clerk, upload_id=upload.pk, offset=0, data=DATA)
    with pytest.raises(NotFound):
        attach_upload(actor=world.clerk["市环保局"], document_id=document.pk, upload_id=upload.pk)
    assert Upload.objects.get().state == Upload.State.COMPLETE


@pytest.mark.parametrize("length", ["-1", "0", "+5", "1e9", "9" * 15, "9" * 400, "٣", ""])
def test_a_length_that_cannot_be_is_refused_in_words(world: World, length: str) -> None:
    metadata = f"filename {base64.b64encode('表.csv'.encode()).decode()}"
    headers: dict[str, Any] = {"Upload-Length": length.encode().decode("latin-1"), "Upload-Metadata": metadata}
    answer = world.browser(world.sending_clerk).post("/uploads/", headers=headers)
    assert answer.status_code == 422 and answer.json()["message"]
    assert not Upload.objects.exists()


@pytest.mark.parametrize("name", ["..", "/", "../../etc/passwd", "..\\x.exe", "a\0.csv", "a\u202efdp.csv", ""])
def test_a_name_that_is_no_files_is_refused(world: World, name: str) -> None:
    metadata = f"filename {base64.b64encode(name.encode()).decode()}"
    answer = world.browser(world.sending_clerk).post(
        "/uploads/", headers={"Upload-Length": "8", "Upload-Metadata": metadata}
    )
    assert answer.status_code == 422
    assert not Upload.objects.exists()


def test_a_kind_of_file_that_no_database_takes_is_not_kept(world: World) -> None:
    kind, name = (base64.b64encode(each.encode()).decode() for each in ("text/\0csv", "表.csv"))
    headers = {"Upload-Length": "8", "Upload-Metadata": f"filename {name},filetype {kind}"}
    answer = world.browser(world.sending_clerk).post("/uploads/", headers=headers)
    assert answer.status_code == 201
    assert Upload.objects.get().media_type == ""


@pytest.mark.django_db(transaction=True)
def test_two_parts_at_one_place_leave_one(committed_world: World) -> None:
    upload, clerk = _begin(committed_world), committed_world.sending_clerk
    pieces = (DATA[:400], b"x,y\n" * 150)
    raised = at_once(lambda number: append(actor=clerk, upload_id=upload.pk, offset=0, data=pieces[number]) and None, 2)
    assert [type(each) for each in raised] == [Refused], raised
    part = UploadPart.objects.get()
    upload.refresh_from_db()
    assert upload.received == part.size in {400, 600}
    append(actor=clerk, upload_id=upload.pk, offset=part.size, data=DATA[part.size :])
    upload.refresh_from_db()
    whole = b"".join(content(upload))
    assert whole in {pieces[0] + DATA[400:], pieces[1] + DATA[600:]}


@pytest.mark.django_db(transaction=True)
def test_one_upload_taken_at_once_for_two_documents_goes_into_one(committed_world: World) -> None:
    world = committed_world
    upload, documents = _begin(world), [world.draft(), world.draft()]
    append(actor=world.sending_clerk, upload_id=upload.pk, offset=0, data=DATA)

    def take(number: int) -> None:
        attach_upload(actor=world.sending_clerk, document_id=documents[number].pk, upload_id=upload.pk)

    raised = at_once(take, 2)
    assert len(raised) == 1 and isinstance(raised[0], Refused), raised
    got = [each for each in Document.objects.all() for _ in each.attachments.all()]
    assert len(got) == 1
    file = got[0].attachments.get()
    assert b"".join(sealed.read(own_key(got[0]), file.context, file.blob)) == DATA
