"""An office system makes a document, has it typeset or brings its own, sends it, takes it back (J-27 to J-31)."""

import re
import uuid

import pytest

from support.carriers import on_carrier
from support.making import sealed_elsewhere, unsealed_body
from support.seals import small_ofd
from support.systems import System, problem_of, system_of
from support.world import World, small_gongwen
from yichuan.audit.models import Entry
from yichuan.compose.drafting.content import from_gongwen
from yichuan.compose.models import Document
from yichuan.compose.services.read import read_body
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.services.sign_for import sign_for


@pytest.fixture
def system(world: World) -> System:
    return system_of(world, "市府办公室")


def draft(number: str = "江府办〔2008〕900号") -> dict[str, str]:
    return from_gongwen(small_gongwen(number), kind="通知")


def test_it_begins_saves_and_finishes_a_document(world: World, system: System) -> None:
    made = system.post("/documents", draft() | {"body": ""})
    assert made.status_code == 201
    path = f"/documents/{made.json()['id']}"
    assert "body" in system.post(f"{path}/finish").json()["errors"]
    assert system.put(f"{path}/fields", draft()).status_code == 200
    assert system.get(path).json()["fields"]["body"] == draft()["body"]
    done = system.post(f"{path}/finish").json()
    assert (done["state"], done["pages"], done["fields"]) == ("ready", 1, None)
    assert system.get(f"{path}/body").content == read_body(Document.objects.get(pk=made.json()["id"]))
    assert problem_of(system.put(f"{path}/fields", draft())) == "wrong_state"
    assert [each["id"] for each in system.get("/documents", state="ready").json()["items"]] == [made.json()["id"]]
    assert system.post(f"{path}/reopen").json()["state"] == "draft"
    verbs = Entry.objects.filter(actor_id=system.client.account_id, subject_id=made.json()["id"])
    assert set(verbs.values_list("verb", flat=True)) >= {"compose.begin", "compose.finish", "compose.reopen"}


def test_a_number_that_is_taken_is_refused_by_its_field(world: World, system: System) -> None:
    assert system.post("/documents", draft()).status_code == 201
    answer = system.post("/documents", draft())
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {"number"})


def test_attachments_come_in_one_request_or_in_parts(world: World, system: System) -> None:
    path = f"/documents/{world.draft().pk}"
    added = system.send_file(f"{path}/attachments?name=表.csv", b"a,b")
    assert (added.status_code, added.json()["size"]) == (201, 3)
    name = "ZGF0YS5jc3Y="  # data.csv
    begun = system.browser.post(
        "/api/v1/uploads/", headers=system.headers | {"Upload-Length": "8", "Upload-Metadata": f"filename {name}"}
    )
    assert begun.status_code == 201 and begun.headers["Location"].startswith("/api/v1/uploads/")
    upload = re.findall(r"[0-9a-f-]{36}", begun.headers["Location"])[0]
    assert problem_of(system.post(f"{path}/attachments", {"upload": upload})) == "upload_unfinished"
    for offset, part in ((0, b"a,b\n"), (4, b"c,d\n")):
        answer = system.browser.generic(
            "PATCH",
            begun.headers["Location"],
            part,
            content_type="application/offset+octet-stream",
            headers=system.headers | {"Upload-Offset": str(offset)},
        )
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(offset + 4))
    taken = system.post(f"{path}/attachments", {"upload": upload})
    assert (taken.status_code, taken.json()["name"], taken.json()["size"]) == (201, "data.csv", 8)
    assert problem_of(system.post(f"{path}/attachments", {"upload": upload})) == "upload_taken"
    assert len(system.get(path).json()["attachments"]) == 2
    gone = system.browser.delete(f"/api/v1{path}/attachments/{taken.json()['id']}", headers=system.headers)
    assert gone.json() == {"gone": True}
    assert len(system.get(path).json()["attachments"]) == 1


def test_a_finished_body_is_taken_and_one_without_a_seal_is_no_sealed_one(world: World, system: System) -> None:
    path = f"/documents/{world.draft().pk}"
    plain = small_ofd()
    assert problem_of(system.send_file(f"{path}/sealed-body?name=文.ofd", plain)) == "invalid"
    done = system.send_file(f"{path}/body?name=文.ofd", plain)
    assert (done.status_code, done.json()["state"], done.json()["source"]) == (200, "ready", "upload")


def test_a_body_that_the_units_seal_signed_waits_to_be_sent(world: World, system: System) -> None:
    body = sealed_elsewhere(on_carrier(world.sender, world.imprint), unsealed_body(world))
    made = system.post("/documents", draft()).json()
    answer = system.send_file(f"/documents/{made['id']}/sealed-body?name=文.ofd", body, key="once")
    assert (answer.status_code, answer.json()["state"]) == (200, "sealed")
    again = system.send_file(f"/documents/{made['id']}/sealed-body?name=文.ofd", body, key="once")
    assert again.content == answer.content
    assert system.get(f"/documents/{made['id']}/body").content == body
    sent = system.post(f"/documents/{made['id']}/send", {"main": [{"unit": "市环保局"}]})
    assert sent.json()["counts"]["delivered"] == 1


def test_it_sends_once_to_units_by_code_name_or_id(world: World, system: System) -> None:
    document = world.sealed()
    units = world.units
    body = {
        "main": [{"unit": units["市环保局"].code, "allowance": 3}, {"unit": str(units["市建设局"].pk)}],
        "copy": [{"unit": "市卫生局"}],
        "allowance": 1,
    }
    sent = system.post(f"/documents/{document.pk}/send", body, key="send")
    assert sent.status_code == 201
    told = sent.json()
    assert told["counts"]["delivered"] == 3
    found = {each.unit.short_name: (each.role, each.allowance) for each in Delivery.objects.select_related("unit")}
    assert found == {"市环保局": ("main", 3), "市建设局": ("main", 1), "市卫生局": ("copy", 1)}
    assert system.post(f"/documents/{document.pk}/send", body, key="send").content == sent.content
    assert problem_of(system.post(f"/documents/{document.pk}/send", body)) == "wrong_state"
    assert Dispatch.objects.get(document=document).sent_by == system.client.account
    assert system.get(f"/documents/{document.pk}").json()["dispatch"] == told["id"]
    assert system.get(f"/dispatches/{told['id']}").json() == told


def test_recipients_that_nobody_is_are_refused_place_by_place(world: World, system: System) -> None:
    document = world.sealed()
    main = [{"unit": "市环保局"}, {"unit": "没有这个局"}, {"unit": "市卫生局", "office": "没有这个科"}]
    answer = system.post(f"/documents/{document.pk}/send", {"main": main})
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {"main.1.unit", "main.2.office"})
    answer = system.post(f"/documents/{document.pk}/send", {"main": []})
    assert set(answer.json()["errors"]) == {"main"}
    own = system.post(f"/documents/{document.pk}/send", {"main": [{"unit": "市府办公室"}]})
    assert "不能发给本单位自己" in own.json()["detail"]
    assert not Dispatch.objects.exists()


def test_it_takes_back_and_corrects(world: World, system: System) -> None:
    dispatch = world.sent("市环保局", "市卫生局")
    answer = system.post(f"/dispatches/{dispatch.pk}/withdraw", {"reason": "附件有误"})
    assert (answer.status_code, answer.json()["counts"]["withdrawn"]) == (200, 2)
    corrected = system.post(f"/documents/{dispatch.document_id}/correct", key="once")
    assert (corrected.status_code, corrected.json()["corrects"]) == (201, str(dispatch.document_id))
    assert system.post(f"/documents/{dispatch.document_id}/correct", key="once").content == corrected.content
    assert problem_of(system.post(f"/documents/{dispatch.document_id}/correct")) == "correcting"
    receiver = system_of(world)
    [line] = receiver.get("/deliveries").json()["items"]
    assert line["state"] == "withdrawn"


def test_what_somebody_signed_for_is_not_taken_back(world: World, system: System) -> None:
    delivery = world.delivery()
    sign_for(actor=world.clerk["市环保局"], delivery_id=delivery.pk)
    answer = system.post(f"/dispatches/{delivery.dispatch_id}/withdraw", {"reason": "附件有误"})
    assert (answer.status_code, problem_of(answer)) == (409, "wrong_state")


def test_it_finds_recipients(world: World, system: System) -> None:
    [unit] = system.get("/units", text="环保").json()["items"]
    assert (unit["short_name"], unit["offices"]) == ("市环保局", [])
    everybody = system.get("/units").json()["items"]
    assert "市府办公室" not in {each["short_name"] for each in everybody}
    assert len(system.get("/units", limit=1, skip=1).json()["items"]) == 1


def test_another_units_document_is_neither_shown_nor_sent(world: World) -> None:
    document, stranger = world.sealed(), system_of(world)
    assert problem_of(stranger.get(f"/documents/{document.pk}")) == "no_document"
    sent = stranger.post(f"/documents/{document.pk}/send", {"main": [{"unit": "市卫生局"}]})
    assert problem_of(sent) == "no_document"
    assert problem_of(stranger.get(f"/documents/{uuid.uuid4()}")) == "no_document"
