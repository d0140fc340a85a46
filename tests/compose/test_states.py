"""The table of a document's states: every pair of state and verb, what it does not list is refused (contract 5)."""

import uuid
from collections.abc import Callable

import pytest
from django.forms.models import model_to_dict

from support.carriers import on_carrier
from support.making import scanned, sealed_elsewhere, unsealed_body
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.compose.models import Document
from yichuan.compose.services.content import read_content
from yichuan.compose.services.finish import finish, reopen
from yichuan.compose.services.hand_back import hand_back
from yichuan.compose.services.save import save
from yichuan.compose.services.take_sealed import take_sealed
from yichuan.compose.states import DOCUMENT, DocumentState
from yichuan.exchange.models import Dispatch
from yichuan.exchange.services.send import send
from yichuan.exchange.services.withdraw import withdraw
from yichuan.seals.kinds import Carrier
from yichuan.seals.models import Seal, SealUse


def _send(world: World, document: Document) -> Dispatch:
    key = uuid.uuid4()
    recipients = world.recipients("市环保局")
    return send(actor=world.sending_clerk, document=document, recipients=recipients, idempotency_key=key)


VERBS: dict[str, Callable[[World, Document], object]] = {
    "save": lambda world, document: save(
        actor=world.sending_clerk, document_id=document.pk, fields=read_content(document)[0] | {"note": "另行通知"}
    ),
    "finish": lambda world, document: finish(actor=world.sending_clerk, document_id=document.pk),
    "reopen": lambda world, document: reopen(actor=world.sending_clerk, document_id=document.pk),
    "seal": lambda world, document: world.put_seal(document),
    "send": _send,
    "hand_back": lambda world, document: hand_back(
        actor=world.custodian["市府办公室"] if document.state == DocumentState.READY else world.sending_clerk,
        document_id=document.pk,
        reason="页码不对",
    ),
    "withdraw": lambda world, document: withdraw(
        actor=world.sending_clerk, dispatch_id=document.dispatch.pk, reason="附件用错"
    ),
    "take_sealed": lambda world, document: take_sealed(
        actor=world.sending_clerk, document_id=document.pk, name="通知.ofd", data=_sealed_elsewhere(world, document)
    ),
    "take_scan": scanned,
}
PAIRS = [(verb, state) for verb in VERBS for state in DocumentState]
MADE: dict[str, Callable[[World], Document]] = {
    DocumentState.DRAFT: World.draft,
    DocumentState.READY: World.ready,
    DocumentState.SEALED: World.sealed,
    DocumentState.SENT: lambda world: world.sent("市环保局").document,
}


def _sealed_elsewhere(world: World, document: Document) -> bytes:
    if document.state != DocumentState.DRAFT:
        return b""
    body = unsealed_body(world)
    return sealed_elsewhere(on_carrier(world.sender, world.imprint), body)


def _everything(document: Document) -> object:
    document.refresh_from_db()
    counts = [model.objects.count() for model in (Entry, Dispatch, SealUse)]
    return model_to_dict(document), document.title, counts


def test_the_table_knows_no_other_verb() -> None:
    assert {row.verb for row in DOCUMENT.rows} == set(VERBS)


def test_what_the_table_does_not_list_is_refused_and_changes_nothing(world: World) -> None:
    document = world.sent("市环保局").document
    refused = [pair for pair in PAIRS if not DOCUMENT.allows(*pair)]
    assert len(refused) == len(PAIRS) - len(DOCUMENT.rows)
    for verb, state in refused:
        Document.objects.filter(pk=document.pk).update(state=state)
        before = _everything(document)
        with pytest.raises(Refused) as refusal:
            VERBS[verb](world, document)
        assert refusal.value.code == "wrong_state", (verb, state)
        assert state.label in refusal.value.message
        assert _everything(document) == before, (verb, state)


def test_what_it_lists_leads_where_it_says_under_its_name_in_the_log(world: World, settings: object) -> None:
    for row in DOCUMENT.rows:
        document = MADE[row.source](world)
        if row.verb == "take_scan":
            settings.YICHUAN_PROFILE = "guangdong-2012"  # type: ignore[attr-defined]
            Seal.objects.update(withdrawn_at=clock.now())
        done = Entry.objects.filter(verb=row.audit).count()
        VERBS[row.verb](world, document)
        Seal.objects.update(withdrawn_at=None)
        Seal.objects.filter(carrier=Carrier.FILE).update(unit=world.units["市卫生局"])
        document.refresh_from_db()
        assert document.state == row.target, row
        expected = "exchange.send" if row.verb == "send" else row.audit
        assert Entry.objects.filter(verb=expected).count() == (1 if row.verb == "send" else done + 1), row
