"""A centre through the years, cheaply: many documents share one small sealed body, each under a key of its own."""

import uuid
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from support.over_the_years import join
from support.world import LONG_AGO, PASSWORD, World
from yichuan.common import clock, sealed
from yichuan.common.transactions import command
from yichuan.compose.models import Document
from yichuan.compose.services.keys import wrap_for
from yichuan.compose.services.read import read_body
from yichuan.compose.states import DocumentState
from yichuan.exchange.models import Dispatch
from yichuan.exchange.services.send import Recipient, send
from yichuan.lib.gm.sm3 import sm3
from yichuan.org.duties import Duty
from yichuan.org.models import Unit
from yichuan.org.selectors import box_of
from yichuan.org.services.appoint import appoint
from yichuan.people.models import Account
from yichuan.people.services.open_account import open_account
from yichuan.seals.models import Seal


@dataclass
class Known:
    """What must stay true of one delivery for ever."""

    sender: str
    addressee: str
    office: str
    dispatch: uuid.UUID
    receipts: int = 0


@dataclass
class Book:
    """What the test itself has written down."""

    deliveries: dict[uuid.UUID, Known] = field(default_factory=dict)
    dispatches: dict[uuid.UUID, int] = field(default_factory=dict)
    keepers: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)  # closed unit: who keeps what it had
    changes: dict[str, int] = field(default_factory=dict)

    def count(self, verb: str) -> None:
        self.changes[verb] = self.changes.get(verb, 0) + 1


class Centre:
    """Units, a clerk for each, and a body that every document shares."""

    def __init__(self, world: World) -> None:
        self.world = world
        document = world.sealed()
        self.body = read_body(document)
        self.seal = Seal.objects.get(unit=world.sender)
        self.clerks: dict[uuid.UUID, Account] = {world.units[name].pk: clerk for name, clerk in world.clerk.items()}
        self.number = 0
        for unit in world.units.values():
            self._lend_seal(unit)

    def join(self) -> Unit:
        """A new unit with a clerk and a seal."""
        self.number += 1
        unit = join(f"新{self.number}局", 500 + self.number)
        with command():
            account = open_account(
                actor=None, username=f"clerk-new-{self.number}", name=f"文新{self.number}", password=PASSWORD
            )
            appoint(actor=None, account=account, unit=unit, duty=Duty.CLERK, since=LONG_AGO)
        self.clerks[unit.pk] = account
        self._lend_seal(unit)
        return unit

    def clerk(self, unit: Unit) -> Account:
        """The unit's clerk, as a new request would see them."""
        return Account.objects.get(pk=self.clerks[unit.pk].pk)

    def send(self, unit: Unit, recipients: list[Recipient]) -> Dispatch:
        """The unit sends a sealed document."""
        return send(
            actor=self.clerk(unit),
            document=self.document(unit),
            recipients=recipients,
            idempotency_key=uuid.uuid4(),
        )

    def document(self, unit: Unit) -> Document:
        """A sealed document of the unit that waits to be sent."""
        key, box = sealed.new_key(), box_of(unit.pk)
        document = Document(unit=unit, box=box, author=self.clerk(unit), state=DocumentState.SEALED, **_head())
        document.wrapped_key = wrap_for(box, document, key)
        document.body = sealed.write_bytes(key, document.body_context, self.body)
        document.body_digest = sm3(self.body).hex()
        document.created_at = document.changed_at = clock.now()
        document.save(force_insert=True)
        return document

    def _lend_seal(self, unit: Unit) -> None:
        if unit != self.world.sender:
            values = {field.attname: getattr(self.seal, field.attname) for field in Seal._meta.fields}
            Seal.objects.create(**values | {"id": uuid.uuid4(), "unit_id": unit.pk})


@cache
def _head() -> dict[str, Any]:
    return {"title": "一件公文", "kind": "通知", "urgency": "平件", "pages": 1}
