"""Several documents under one seal: the small centre's seal and its custodian, what is shown of each, what changes."""

import uuid

from support.custody import Kept
from support.world import World
from yichuan.compose.models import Document
from yichuan.compose.services.content import read_content
from yichuan.compose.services.finish import finish, reopen
from yichuan.compose.services.save import save
from yichuan.compose.services.seal_lines import line_for
from yichuan.people.models import Account
from yichuan.seals.models import Opening, Seal


def seal_of(world: World) -> Seal:
    """The seal of 市府办公室 that needs no password."""
    return Seal.objects.get(unit=world.sender, under_password=False)


def custodian(world: World) -> Account:
    """Who seals with it."""
    return world.custodian["市府办公室"]


def shown(actor: Account, seal: Seal, *documents: Document) -> dict[uuid.UUID, str]:
    """What the page shows of these."""
    return {each.pk: line_for(actor=actor, seal=seal, document_id=each.pk).seen for each in documents}


def change(world: World, document: Document) -> None:
    """Its text is another, after it was shown; it waits for its seal again."""
    reopen(actor=world.sending_clerk, document_id=document.pk)
    fields = read_content(document)[0] | {"body": "改过的正文。"}
    save(actor=world.sending_clerk, document_id=document.pk, fields=fields)
    finish(actor=world.sending_clerk, document_id=document.pk)


def state_of(document: Document) -> str:
    """As the database has it."""
    return Document.objects.get(pk=document.pk).state


def agree(office: Kept, opening: Opening) -> None:
    """Two other custodians answer for it."""
    for number in (1, 2):
        answer = office.approve(opening, number)
        assert answer.status_code == 200, answer.content.decode()
