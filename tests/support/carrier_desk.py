"""A custodian at their desk with a seal on a carrier: what is prepared, and how the carrier answers."""

import uuid
from dataclasses import dataclass

import pytest

from support.carriers import CarrierSeal, on_carrier
from support.world import World
from yichuan.compose.models import Document
from yichuan.compose.services.seal_on_carrier import Prepared, finish_on_carrier, prepare_on_carrier
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.people.models import Account
from yichuan.seals.models import SealUse
from yichuan.seals.services.use import Place

MIDDLE = Place(0, 140, 220)
SESSION = str(uuid.UUID(int=1))


@dataclass
class Desk:
    """The custodian of 市府办公室 with a carrier of the seal, and a document that waits."""

    world: World
    held: CarrierSeal
    document: Document

    @property
    def custodian(self) -> Account:
        return self.world.custodian["市府办公室"]

    def prepare(self, *places: Place, document: Document | None = None) -> Prepared:
        return prepare_on_carrier(
            actor=self.custodian,
            document_id=(document or self.document).pk,
            seal_id=self.held.seal.pk,
            places=places or [MIDDLE],
            session=SESSION,
            computer="办公室一号机",
        )

    def answer(
        self,
        prepared: Prepared,
        *,
        key: PrivateKey | None = None,
        certificate: bytes | None = None,
        session: str = SESSION,
        actor: Account | None = None,
        message: bytes | None = None,
    ) -> Document:
        return finish_on_carrier(
            actor=actor or self.custodian,
            use_id=prepared.use.pk,
            certificate=certificate or self.held.certificate,
            signature=(key or self.held.key).sign(message or prepared.message),
            session=session,
        )

    def untouched(self, state: str = "failed") -> None:
        """The document waits as before, and the use is on record as what it was."""
        before = self.document.body
        self.document.refresh_from_db()
        assert (self.document.state, self.document.body) == ("ready", before)
        assert SealUse.objects.get().state == state


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world, on_carrier(world.sender, world.imprint), world.ready())
