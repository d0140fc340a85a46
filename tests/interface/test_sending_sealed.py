"""A document that the office system sealed itself is sent by one request: all of it or nothing, once for a key."""

import uuid
from typing import Any

import pytest
from django.conf import LazySettings

from support.carriers import CarrierSeal, on_carrier
from support.sealed_sending import SAID, parts, sealed_letter, send_at_once
from support.seals import small_ofd
from support.systems import API, System, problem_of, system_of
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.compose.models import Document, Upload
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.services.read import read_body
from yichuan.compose.services.upload_parts import append, begin_upload
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.services import send
from yichuan.exchange.services.check import check_delivery
from yichuan.interface.models import Answer
from yichuan.interface.services import answers
from yichuan.lib.gm.sm3 import sm3
from yichuan.org.duties import Duty, permissions_of
from yichuan.org.models import Post
from yichuan.org.services.hold_boxes import hold_boxes
from yichuan.seals.models import Seal, SealUse

ROWS = (Document, SealUse, Dispatch, Delivery, Entry)
OF_ITS_OWN = {
    *("id", "uid", "number", "wrapped_key", "content", "body", "body_digest", "created_at", "changed_at", "title"),
    *("document_id", "document", "prepared", "digest_before", "digest_after", "begun_at", "ended_at", "sent_at"),
    *("idempotency_key", "request_digest", "dispatch", "arrived_at", "at", "mark", "subject_id"),
}


class Killed(BaseException):
    """The process is gone at this place."""


@pytest.fixture
def held(world: World) -> CarrierSeal:
    """市府办公室 has a seal on a carrier of its own."""
    return on_carrier(world.sender, world.imprint)


@pytest.fixture
def system(world: World) -> System:
    return system_of(world, "市府办公室")


def counted() -> list[int]:
    return [model.objects.count() for model in ROWS]


def left(document: uuid.UUID) -> list[Any]:
    """All rows of a document that was sent, without what every document has of its own."""
    found: list[Any] = []
    of = {"subject_id__in": [document, *SealUse.objects.filter(document_id=document).values_list("pk", flat=True),
                             *Dispatch.objects.filter(document=document).values_list("pk", flat=True)]}  # fmt: skip
    for rows in (
        Document.objects.filter(pk=document), SealUse.objects.filter(document_id=document),
        Dispatch.objects.filter(document=document), Delivery.objects.filter(dispatch__document=document),
        Entry.objects.filter(**of),
    ):  # fmt: skip
        for row in rows.order_by("pk").values():
            plain = {name: value for name, value in row.items() if name.removesuffix("_id") not in OF_ITS_OWN}
            if "detail" in plain:
                plain["detail"] = sorted(plain["detail"])
            found.append({name: value for name, value in plain.items() if name not in OF_ITS_OWN})
    return found


def test_it_leaves_what_the_three_single_requests_leave(world: World, held: CarrierSeal, system: System) -> None:
    first = system.post("/documents", {name: SAID[name] for name in ("title", "number")}).json()["id"]
    system.send_file(f"/documents/{first}/sealed-body?name=文.ofd", sealed_letter(held))
    singly = system.post(f"/documents/{first}/send", {"main": SAID["main"]})
    body = sealed_letter(held)
    at_once = send_at_once(system, SAID | {"number": "江府办〔2008〕702号"}, body)
    assert at_once.status_code == 201, at_once.content.decode()
    assert at_once.json().keys() == singly.json().keys()
    document = Document.objects.get(pk=at_once.json()["document"])
    assert left(document.pk) == left(uuid.UUID(first))
    assert (document.title, document.number, document.state) == (SAID["title"], "江府办〔2008〕702号", "sent")
    assert (read_body(document), document.body_digest) == (body, sm3(body).hex())
    assert system.get(f"/documents/{document.pk}").json()["dispatch"] == at_once.json()["id"]
    panel = check_delivery(Delivery.objects.get(dispatch__document=document))
    assert panel.sound, [(line.name, line.note) for line in panel.lines]


def test_the_same_request_under_the_key_is_told_again_whatever_stands_between_its_parts(
    world: World, held: CarrierSeal, system: System
) -> None:
    body = sealed_letter(held)
    first = send_at_once(system, SAID, body, key="one")
    assert first.status_code == 201
    again = send_at_once(system, dict(reversed(SAID.items())), body, key="one", boundary="another")
    assert (again.status_code, again.content) == (201, first.content)
    for said, data in ((SAID | {"declared": True}, body), (SAID, sealed_letter(held))):
        assert problem_of(send_at_once(system, said, data, key="one")) == "key_reused"
    taken = send_at_once(system, SAID, sealed_letter(held), key="two")
    assert (taken.status_code, set(taken.json()["errors"])) == (422, {"number"})
    assert Dispatch.objects.count() == SealUse.objects.filter(seal=held.seal).count() == 1


def test_what_is_refused_leaves_nothing_and_its_key_is_free(world: World, held: CarrierSeal, system: System) -> None:
    other = on_carrier(world.units["市卫生局"], world.imprint)
    good, plain = sealed_letter(held), small_ofd(1)
    before = counted()
    for said, data, fields in (
        (SAID | {"main": [{"unit": "没有这个局"}]}, good, {"main.0.unit"}),
        (SAID | {"main": []}, good, {"main"}),
        (SAID | {"number": "五号"}, good, {"number"}),
        (SAID | {"title": " "}, good, {"title"}),
        (SAID | {"kind": "便条"}, good, {"kind"}),
        (SAID, plain, {"file"}),
        (SAID, good[:-40], {"file"}),
        (SAID, b"%PDF-1.7", {"file"}),
        (SAID, sealed_letter(other), {"file"}),
    ):
        answer = send_at_once(system, said, data, key="one")
        assert (answer.status_code, set(answer.json()["errors"])) == (422, fields), answer.content.decode()
        assert (counted(), Answer.objects.count()) == (before, 0), fields
    names = f"{world.sender.name}\n{world.units['市卫生局'].name}"
    assert problem_of(send_at_once(system, SAID | {"issuer": names}, good, key="one")) == "joint"
    Seal.objects.filter(pk=held.seal.pk).update(suspended_at=clock.now())
    assert problem_of(send_at_once(system, SAID, good, key="one")) == "seal_suspended"
    Seal.objects.filter(pk=held.seal.pk).update(suspended_at=None)
    assert (counted(), Answer.objects.count()) == (before, 0)
    assert send_at_once(system, SAID, good, key="one").status_code == 201
    assert problem_of(send_at_once(system, SAID | {"number": "江府办〔2008〕702号"}, good)) == "refused"  # used_already
    assert [each.number for each in Document.objects.all()] == [SAID["number"]]


def test_what_cannot_be_read_is_refused_by_name(world: World, held: CarrierSeal, system: System) -> None:
    data = sealed_letter(held)
    assert set(send_at_once(system, SAID, None).json()["errors"]) == {"file"}
    both = send_at_once(system, SAID | {"upload": str(uuid.uuid4())}, data)
    assert set(both.json()["errors"]) == {"file"}
    assert set(send_at_once(system, SAID | {"colour": "red"}, data).json()["errors"]) == {"colour"}
    assert set(send_at_once(system, {"main": 7}, data).json()["errors"]) == {"title", "number", "main"}
    assert problem_of(send_at_once(system, ["x"], data)) == "invalid"

    def ask(body: bytes, kind: str) -> str:
        headers = system.headers | {"Idempotency-Key": str(uuid.uuid4())}
        return problem_of(system.browser.generic("POST", f"{API}/dispatches", body, content_type=kind, headers=headers))

    form = "multipart/form-data; boundary=b"
    head = 'Content-Disposition: form-data; name="dispatch"'
    assert ask(parts("b", (head, b"{")), form) == "not_json"
    assert ask(parts("b", (head, b"\xff")), form) == "not_json"
    assert ask(parts("b"), form) == "not_json"
    assert ask(b"x", "multipart/form-data") == "bad_request"
    assert ask(data, "application/octet-stream") == "wrong_content_type"
    assert ask(b"{}", "application/json") == "invalid"
    assert not Document.objects.exists()


def test_a_file_too_large_for_one_request_comes_by_an_upload_up_to_its_bound(
    world: World, held: CarrierSeal, system: System, settings: LazySettings
) -> None:
    data = sealed_letter(held)

    def uploaded() -> Upload:
        actor = system.client.account
        upload = begin_upload(actor=actor, unit=world.sender, name="文.ofd", size=len(data))
        append(actor=actor, upload_id=upload.pk, offset=0, data=data)
        return upload

    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = len(data)
    assert problem_of(send_at_once(system, SAID, data)) == "too_large"
    said = SAID | {"upload": str(uploaded().pk)}
    with_limit = settings.YICHUAN_UPLOAD_LIMIT
    settings.YICHUAN_UPLOAD_LIMIT = len(data) - 1
    refused = system.post("/dispatches", said)
    assert (refused.status_code, set(refused.json()["errors"])) == (422, {"file"})
    settings.YICHUAN_UPLOAD_LIMIT = with_limit
    sent = system.post("/dispatches", said, key="one")
    assert sent.status_code == 201, sent.content.decode()
    assert system.post("/dispatches", said, key="one").content == sent.content
    assert problem_of(system.post("/dispatches", SAID | {"upload": str(uuid.uuid4())})) == "no_upload"


def test_who_may_not_write_or_not_send_sends_nothing(world: World, held: CarrierSeal, system: System) -> None:
    data, post = sealed_letter(held), Post.objects.filter(account=system.client.account)
    granted = {str(each) for each in permissions_of(Duty.OFFICE_SYSTEM)}
    for missing in (ComposePermission.WRITE, ComposePermission.SEND):
        post.update(permissions=sorted(granted - {str(missing)}))
        assert problem_of(send_at_once(system, SAID, data)) == "no_permission"
    assert not Document.objects.exists()


@pytest.mark.parametrize("place", ["_deliver", "publish"])
def test_a_process_killed_before_the_end_leaves_nothing_and_the_next_try_sends_it(
    world: World, held: CarrierSeal, system: System, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    data, before = sealed_letter(held), counted()

    def gone(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(send, place, gone)
        send_at_once(system, SAID, data, key="one")
    assert counted() == before
    assert problem_of(send_at_once(system, SAID, data, key="one")) == "in_progress"
    Answer.objects.update(at=clock.now() - answers.GIVEN_UP_AFTER)
    assert send_at_once(system, SAID, data, key="one").status_code == 201
    assert (Dispatch.objects.count(), Document.objects.count()) == (1, 1)


def test_what_was_sent_before_the_answer_was_kept_is_told_to_who_asks_again(
    world: World, held: CarrierSeal, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = sealed_letter(held)

    def gone(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(answers, "keep", gone)
        send_at_once(system, SAID, data, key="one")
    Seal.objects.filter(pk=held.seal.pk).update(suspended_at=clock.now())
    Answer.objects.update(at=clock.now() - answers.GIVEN_UP_AFTER)
    told = send_at_once(system, SAID, data, key="one")
    assert (told.status_code, told.json()["id"]) == (201, str(Dispatch.objects.get().pk))


def test_a_box_that_changes_hands_in_that_moment_gets_another_wrap(
    world: World, held: CarrierSeal, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    times: list[int] = []

    def held_once_moved(ids: Any) -> Any:
        found = hold_boxes(ids)
        times.append(1)
        return (
            {pk: box._replace(generation=box.generation + 1) for pk, box in found.items()} if len(times) == 1 else found
        )

    monkeypatch.setattr(send, "hold_boxes", held_once_moved)
    assert send_at_once(system, SAID, sealed_letter(held)).status_code == 201
    assert (len(times), Dispatch.objects.count(), SealUse.objects.filter(seal=held.seal).count()) == (2, 1, 1)
