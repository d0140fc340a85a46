"""A centre through the years, cheaply: a unit's documents share one small sealed body, each under a key of its own."""

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
from yichuan.keys.services.device import device
from yichuan.lib.gm.sm3 import sm3
from yichuan.org.duties import Duty
from yichuan.org.models import Unit
from yichuan.org.selectors import box_of
from yichuan.org.services.appoint import appoint
from yichuan.people.models import Account
from yichuan.people.services.open_account import open_account
from yichuan.seals.models import Seal
from yichuan.seals.places import Place
from yichuan.seals.services.issue import issue_seal
from yichuan.seals.services.use_bytes import assemble, to_sign


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
    """Units, a clerk for each, and for each one text under its own seal."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.text = read_body(world.ready())
        self.bodies: dict[uuid.UUID, bytes] = {}
        self.clerks: dict[uuid.UUID, Account] = {world.units[name].pk: clerk for name, clerk in world.clerk.items()}
        self.number = 0
        for unit in world.units.values():
            self._seal_text(unit)

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
        self._seal_text(unit)
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
        body = self._body(unit)
        document.body = sealed.write_bytes(key, document.body_context, body)
        document.body_digest = sm3(body).hex()
        document.created_at = document.changed_at = clock.now()
        document.save(force_insert=True)
        return document

    def _seal_text(self, unit: Unit) -> None:
        seal = Seal.objects.filter(unit=unit).first()
        if seal is None:
            with command():
                seal = issue_seal(actor=None, unit=unit, imprint=self.world.imprint)
        waiting = to_sign(seal, self.text, [Place(0, 140, 220)], clock.now())
        self.bodies[unit.pk] = assemble(waiting, device().sign(seal.key_label, waiting.message))

    def _body(self, unit: Unit) -> bytes:
        """Under the unit's own seal; a unit that came of others goes on with one of theirs."""
        return next(
            self.bodies[each.pk] for each in (unit, *unit.predecessors.order_by("pk")) if each.pk in self.bodies
        )


@cache
def _head() -> dict[str, Any]:
    return {"title": "一件公文", "kind": "通知", "urgency": "平件", "pages": 1}
