"""What a sealed document that is sent at once does not need: files, questions and rows beyond what is said of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.carriers import CarrierSeal, on_carrier
from support.sealed_sending import SAID, sealed_letter, send_at_once
from support.systems import System, system_of
from support.world import World
from yichuan.compose.drafting.content import FIELDS
from yichuan.compose.models import Document
from yichuan.compose.services.content import read_content
from yichuan.compose.services.correct import correct
from yichuan.exchange.models import Dispatch
from yichuan.exchange.services.withdraw import withdraw


@pytest.fixture
def held(world: World) -> CarrierSeal:
    return on_carrier(world.sender, world.imprint)


@pytest.fixture
def system(world: World) -> System:
    return system_of(world, "市府办公室")


def sent(system: System, held: CarrierSeal, **said: str) -> Document:
    answer = send_at_once(system, SAID | said, sealed_letter(held))
    assert answer.status_code == 201, answer.content.decode()
    return Document.objects.get(pk=answer.json()["document"])


def test_a_document_that_says_no_more_than_its_columns_has_no_file_beside_its_body(
    world: World, held: CarrierSeal, system: System
) -> None:
    document = sent(system, held)
    assert document.content == ""
    said = {"title": SAID["title"], "number": SAID["number"], "kind": "通知", "urgency": "平件"}
    assert read_content(document) == (dict.fromkeys(FIELDS, "") | said, {})
    withdraw(actor=world.sending_clerk, dispatch_id=Dispatch.objects.get().pk, reason="附件有误。")
    correction = correct(actor=world.sending_clerk, document_id=document.pk)
    assert correction.content, "a draft is told from its next saving by its file"
    assert read_content(correction) == read_content(document)


def test_whatever_else_is_said_of_it_is_kept(world: World, held: CarrierSeal, system: System) -> None:
    for name, value in (("recipients", "市直各单位"), ("title", "关于调整\n水质监测断面的通知")):
        number = f"江府办〔2008〕{len(name)}号"
        fields, _ = read_content(sent(system, held, **{"number": number, name: value}))
        assert (fields[name], fields["number"]) == (value, number)


def test_nothing_is_asked_of_what_cannot_hang_on_it_yet(world: World, held: CarrierSeal, system: System) -> None:
    sent(system, held)
    body = sealed_letter(held)
    with CaptureQueriesContext(connection) as asked:
        assert send_at_once(system, SAID | {"number": "江府办〔2008〕702号"}, body).status_code == 201
    questions = [each["sql"] for each in asked if each["sql"].startswith("SELECT")]
    for table in ("compose_attachment", "compose_paperattachment", "exchange_paperrecipient"):
        assert not [sql for sql in questions if f'FROM "{table}"' in sql]
    logged = [each["sql"] for each in asked if "INTO audit_entry" in each["sql"]]
    assert len(logged) == 1 or connection.vendor == "sqlite"
    assert len([each for each in asked if not each["sql"].startswith(("BEGIN", "SAVEPOINT", "RELEASE"))]) <= 30
