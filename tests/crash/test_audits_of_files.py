"""The audits of what lies in files can fail: attachments, uploads, blobs, plain pieces."""

import random
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from soak import patience
from soak.attaching import LARGEST, MARKED_EVERY, SMALLEST, made
from soak.audits.attachments import attachments, uploads
from soak.audits.plain import plain
from soak.audits.store import store
from soak.ledger import Fetched, File, Ledger, Sent
from soak.look import settle_to_the_end
from support.soaking import Fault, Scene, missed, scene_of
from support.world import World, alter_blob, blob_path
from yichuan.common import sealed
from yichuan.common.ids import new_id
from yichuan.compose.drafting.filetypes import recognise
from yichuan.compose.models import Attachment, Upload, UploadPart
from yichuan.compose.services import upload_parts
from yichuan.compose.services.keys import wrap_for
from yichuan.exchange.services import print_numbers
from yichuan.operations.services import settle
from yichuan.seals.services import use


def twin(scene: Scene) -> None:
    file = scene.attachment
    file.pk, file.order = new_id(), 2
    file.save(force_insert=True)


def take_the_body_for_it(scene: Scene) -> None:
    Attachment.objects.filter(pk=scene.attachment.pk).update(blob=scene.document.body)


def wrap_another_key(scene: Scene) -> None:
    wrapped = wrap_for(scene.waiting.box, scene.document, sealed.new_key())
    scene.set(scene.waiting, wrapped_key=wrapped)


def fetched(digest: str, refused: str = "") -> Fetched:
    return Fetched("d", "表.csv", "wanted", digest, refused)


def upload_of(world: World, *, arrived: bytes = b"", size: int = 4) -> Upload:
    """Begun by the sending unit, with so much of it there."""
    actor = world.sending_clerk
    upload = upload_parts.begin_upload(actor=actor, unit=world.sender, name="表.csv", size=size)
    if arrived:
        upload = upload_parts.append(actor=actor, upload_id=upload.pk, offset=0, data=arrived)
    return upload


FAULTS: list[Fault] = [
    (lambda scene: scene.attachment.delete(), "attachment lost"),
    (lambda scene: scene.document.attachments.update(name="别的.csv"), "attachment lost"),
    (lambda scene: scene.document.attachments.update(id=new_id()), "attachment lost"),
    (twin, "attachment too many"),
    (twin, "lost"),  # one entry for two
    (lambda scene: scene.log("compose.attach", scene.document), "doubled"),
    (lambda scene: scene.ledger.sent.clear(), "not asked for"),
    (take_the_body_for_it, "attachment altered"),
    (lambda scene: scene.set(scene.waiting, wrapped_key=b"x"), "unreadable"),
    (wrap_another_key, "unreadable"),
    (lambda scene: upload_of(scene.world), "open"),
    (lambda scene: scene.ledger.fetched.append(fetched("other")), "attachment altered"),
    (lambda scene: scene.ledger.fetched.append(fetched("")), "no answer"),
    (lambda scene: scene.ledger.fetched.append(fetched("", "404 no_attachment")), "refused"),
]


def test_each_fault_of_an_attachment_is_named(world: World, tmp_path: Path) -> None:
    scene = scene_of(world)
    scene.ledger.fetched.append(fetched("wanted"))
    assert list(attachments(scene.ledger)) == []
    assert missed(scene, FAULTS, attachments, tmp_path / "ledger.json") == []
    assert list(attachments(scene.ledger)) == []


def test_attachments_are_what_they_are_called_and_bear_the_mark_that_is_looked_for() -> None:
    mark = b"0123456789abcdef" * 3
    for seed in range(8):
        for name, data in made(random.Random(seed), mark):  # noqa: S311 - always the same
            assert SMALLEST <= len(data) <= LARGEST
            assert recognise(name, data)
            assert data.count(mark) >= len(data) // MARKED_EVERY


def test_an_upload_that_was_left_half_done_is_named(world: World) -> None:
    draft, actor = world.draft(), world.sending_clerk
    taken, told = upload_of(world, arrived=b"a,b\n"), upload_of(world, arrived=b"c,d\n")
    upload_parts.attach_upload(actor=actor, document_id=draft.pk, upload_id=taken.pk)
    upload_of(world)  # nobody was told that it began
    lines = [File("表.csv", 4, "", [str(each.pk)]) for each in (taken, told)]
    ledger = Ledger([Sent("1号", "", [], 0, files=lines)])
    lines[0].told = "id"
    assert list(uploads(ledger)) == []
    lines[1].told = "id"
    assert [str(told.pk) in each.what for each in uploads(ledger)] == [True]
    lines.pop()
    assert [each.fault for each in uploads(ledger)] == ["half done"]
    Upload.objects.filter(pk=told.pk).delete()
    UploadPart.objects.create(upload=taken, offset=0, size=4, blob="0" * 64)
    assert ["keeps 1 parts" in each.what for each in uploads(ledger)] == [True]


def test_what_was_uploaded_and_never_used_is_swept_when_all_settles(
    world: World, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.YICHUAN_BLOBS_URL = f"file://{tmp_path}/blobs"
    for module, name in (
        (upload_parts, "KEPT"), (print_numbers, "RESERVED_AT_MOST"), (use, "OPEN_AT_MOST"),
        (settle, "BLOB_GRACE_SECONDS"),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, getattr(module, name))  # settling changes them for good
    upload_of(world, arrived=b"a,b\n", size=8)
    patience.wait(timedelta(0))
    assert upload_parts.sweep_uploads() == 0  # an upload has its day
    assert [each.fault for each in attachments(Ledger())] == ["open"]
    told, failed = settle_to_the_end()
    assert failed == []
    assert told["uploads nobody knows of, forgotten afterwards"] == told["blobs swept"] == 1
    assert [*attachments(Ledger()), *store()] == []


def test_a_blob_that_is_gone_altered_or_referred_to_by_nothing_is_named(
    world: World, settings: Settings, tmp_path: Path
) -> None:
    settings.YICHUAN_BLOBS_URL = f"file://{tmp_path}/blobs"
    draft, other = world.draft(), world.draft()
    assert list(store()) == []
    orphan = sealed.write_bytes(sealed.new_key(), "x", b"nobody's")
    alter_blob(draft.content)
    blob_path(other.content).unlink()
    assert {(each.fault, each.what) for each in store()} == {
        ("orphan blob", orphan), ("blob altered", draft.content), ("blob lost", other.content),
    }  # fmt: skip


def test_a_plain_piece_anywhere_on_the_disk_is_named(tmp_path: Path) -> None:
    home, temporary, log = tmp_path / "home", tmp_path / "temporary", tmp_path / "log"
    (home / "deep").mkdir(parents=True)
    temporary.mkdir()
    log.write_bytes(b"nothing")
    piece = bytes(range(48))
    (home / "ciphertext").write_bytes(b"\x80" * 4096)
    (home / "empty").touch()
    folders = [home, log, tmp_path / "not there"]
    assert list(plain(folders, [piece], temporary)) == []
    (home / "deep" / "centre.sqlite3").write_bytes(b"\x80" * 5000 + piece + b"\x80" * 10)
    (home / "body.ofd").write_bytes(b"PK\x03\x04 and so on")
    (home / "print.pdf").write_bytes(b"%PDF-1.7")
    log.write_bytes(b"said " + piece)
    (temporary / "tmp123").write_bytes(b"anything")
    found = [(each.fault, Path(each.what.rpartition(" ")[2]).name) for each in plain(folders, [piece], temporary)]
    assert sorted(found) == [
        ("left behind", "tmp123"), ("plain", "body.ofd"), ("plain", "centre.sqlite3"), ("plain", "log"),
        ("plain", "print.pdf"),
    ]  # fmt: skip
