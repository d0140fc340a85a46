"""A seal that several people keep: its key in the device under a password of which each has a share."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from support.personal import Signer, answered, ask, post, with_certificate
from support.world import World
from yichuan.common import clock
from yichuan.common.transactions import command
from yichuan.compose.models import Document
from yichuan.keys.services.device import device
from yichuan.lib.gongwen.imprint_picture import seal_picture
from yichuan.org.duties import Duty
from yichuan.people.models import Account
from yichuan.seals.kinds import Carrier, CustodyRole, OpeningKind, Part
from yichuan.seals.models import Custodian, Opening, Seal
from yichuan.seals.places import Place
from yichuan.seals.services.ask_opening import Wanted, ask_opening
from yichuan.seals.services.entrust import entrust
from yichuan.seals.services.issue import LEAF_LASTS, certify_part, draft_seal, signed_by_maker, signing_label
from yichuan.seals.services.set_share import set_share

OFFICE = "市府办公室"
PLACE = Place(0, 105.0, 200.0)


@dataclass
class Kept:
    """The seal, its custodians in order, and what each signs and types with."""

    world: World
    seal: Seal
    people: list[Account]
    signers: dict[int, Signer] = field(default_factory=dict)

    def signer(self, number: int) -> Signer:
        """The certificate of one of them, collected when it is first wanted."""
        if number not in self.signers:
            self.signers[number] = with_certificate(self.world, self.people[number])
        return self.signers[number]

    def row(self, number: int) -> Custodian:
        return self.seal.custodians.get(account=self.people[number], until=None)

    def set_shares(self) -> None:
        """Each puts their share under their own password."""
        for number, person in enumerate(self.people):
            set_share(actor=person, custodian_id=self.row(number).pk, new=words(number), again=words(number))

    def ask(self, document: Document, number: int = 0, places: Sequence[Place] = (PLACE,)) -> Opening:
        """One of them asks for this document."""
        return ask_opening(actor=self.people[number], seal_id=self.seal.pk, wanted=[Wanted(document.pk, list(places))])

    def approve(self, opening: Opening, number: int, **instead: Any) -> Any:
        """The answer to one of them agreeing in a browser of their own; `instead` replaces what the page would send."""
        browser = self.world.browser(self.people[number])
        return post(browser, address(opening), self.said(browser, opening, number) | instead)

    def said(self, browser: Client, opening: Opening, number: int) -> dict[str, str]:
        """What the page sends."""
        challenge = ask(browser, "open_seal", opening.digest)
        return answered(self.signer(number), challenge) | {"password": words(number)}

    def opened(self, document: Document) -> Opening:
        """An opening for the document that two agreed to."""
        opening = self.ask(document)
        for number in (1, 2):
            answer = self.approve(opening, number)
            assert answer.status_code == 200, answer.content.decode()
        opening.refresh_from_db()
        return opening


def kept(
    world: World,
    *,
    quorum: int = 2,
    people: int = 3,
    kind: OpeningKind = OpeningKind.DOCUMENT,
    limit: int = 1,
    shares: bool = True,
) -> Kept:
    """A seal of 市府办公室 that `quorum` of `people` custodians open; their shares are set."""
    keepers = [world.holder(Duty.CUSTODIAN, OFFICE, number) for number in range(1, people + 1)]
    password = secrets.token_bytes(16)
    with command():
        seal = guarded_seal(world, password, quorum=quorum, kind=kind, limit=limit)
        entrust(
            actor=None, seal=seal, custodians=[(each, CustodyRole.CUSTODIAN) for each in keepers], password=password
        )
    found = Kept(world, seal, keepers)
    if shares:
        found.set_shares()
    return found


def guarded_seal(world: World, password: bytes, **how: Any) -> Seal:
    """A seal whose key in the device opens only with `password`. A step; `how` are its columns."""
    unit, at = world.sender, clock.now()
    columns = {"opening_kind": how.pop("kind"), "opening_limit": how.pop("limit")} | how
    seal = Seal(unit=unit, name=unit.name, diameter_mm=42, issued_at=at, under_password=True, **columns)
    seal.key_label = signing_label(seal.pk)
    signer = certify_part(
        actor=None,
        part=Part.SIGNING,
        seal_id=seal.pk,
        name=unit.name,
        organisation=unit.name,
        public_key=device().make_signing_key(seal.key_label, password=password),
        until=at + LEAF_LASTS,
        label=seal.key_label,
    )
    picture = seal_picture(world.imprint.ofd())
    seal.der, seal.certificate = signed_by_maker(draft_seal(seal.pk, unit.name, picture, signer)), signer.der
    seal.save(force_insert=True)
    return seal


def on_carrier(world: World) -> Kept:
    """A seal of 市府办公室 on a carrier: one person keeps it, another its password."""
    keepers = [world.holder(Duty.CUSTODIAN, OFFICE, number) for number in (1, 2)]
    with command():
        seal = Seal.objects.get(unit=world.sender)
        seal.carrier = Carrier.FILE
        seal.save(update_fields=["carrier"])
        roles = zip(keepers, (CustodyRole.CARRIER, CustodyRole.PASSWORD), strict=True)
        entrust(actor=None, seal=seal, custodians=list(roles), password=None)
    return Kept(world, seal, keepers)


def words(number: int) -> str:
    """The password of one custodian's share."""
    return f"Share-of-{number}-Keeper"


def address(opening: Opening, verb: str = "approve") -> str:
    """Where a word to the opening goes."""
    return f"/seals/custody/openings/{opening.pk}/{verb}/" if verb else f"/seals/custody/openings/{opening.pk}/"
