"""Applications for seals on their way: 市环保局 applies, 市府办公室 supervises, 市规划局 operates."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from support.personal import Signer, answered, ask, post, with_certificate
from support.world import World
from yichuan.common import clock
from yichuan.common.transactions import command
from yichuan.lib.gm.sm3 import sm3
from yichuan.org.duties import Duty
from yichuan.org.models import CentreRole, Unit, UnitName
from yichuan.people.models import Account
from yichuan.seals.models import Imprint, Seal, SealApplication
from yichuan.seals.services.application_papers import attach
from yichuan.seals.services.approve_application import approve_application
from yichuan.seals.services.begin_application import begin_application
from yichuan.seals.services.issue import issue_seal
from yichuan.seals.services.propose import propose
from yichuan.seals.services.sign_application import digest_to_sign
from yichuan.seals.wish import Keeper, Wish

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
UNIT = "市环保局"


@dataclass
class Life:
    """Everybody who has a part in a seal of 市环保局."""

    world: World
    custodian: Account
    second: Account
    leader: Account
    supervisor: Account
    operator: Account
    signers: dict[Any, Signer] = field(default_factory=dict)

    @property
    def unit(self) -> Unit:
        return self.world.units[UNIT]

    @property
    def clerk(self) -> Account:
        return self.world.clerk[UNIT]

    def imprint(self, *, approved: bool = True, unit: Unit | None = None) -> Imprint:
        """An imprint of the unit's own name."""
        unit, drawn, at = unit or self.unit, self.world.imprint, clock.now()
        ofd = drawn.ofd()
        return Imprint.objects.create(
            unit=unit,
            unit_name=UnitName.objects.get(unit=unit, main=True, valid_to=None),
            source=Imprint.Source.DRAWN,
            name=unit.name,
            diameter_mm=42,
            ofd=ofd,
            svg=drawn.svg(),
            digest=sm3(ofd).hex(),
            made_by=self.custodian,
            made_at=at,
            approved_by=self.leader if approved else None,
            approved_at=at if approved else None,
        )

    def wish(self, matter: str = "make", **changed: Any) -> Wish:
        """A sound wish: a key file kept by one, the verification seal by the clerk."""
        made = Wish(
            matter=matter,
            imprint_id=self.imprint().pk if matter != "destroy" else None,
            carrier="file",
            keepers=(Keeper(self.custodian.pk),),
            verification_holder_id=self.clerk.pk,
            attendant_id=self.custodian.pk,
        )
        return replace(made, **changed)

    def draft(self, matter: str = "make", *, papers: tuple[str, ...] = (), **changed: Any) -> SealApplication:
        draft = begin_application(actor=self.custodian, unit=self.unit, wish=self.wish(matter, **changed))
        for role in papers:
            self.add_paper(draft, role)
        return draft

    def add_paper(self, application: SealApplication, role: str) -> None:
        ids = {"actor": self.custodian, "application_id": application.pk}
        attach(**ids, role=role, name=f"{role}.pdf", data=PDF + role.encode())

    def proposed(self, matter: str = "make", **how: Any) -> SealApplication:
        return propose(actor=self.custodian, application_id=self.draft(matter, **how).pk)

    def signer(self, account: Account) -> Signer:
        """The person's own certificate, collected once."""
        if account.pk not in self.signers:
            self.signers[account.pk] = with_certificate(self.world, account)
        return self.signers[account.pk]

    def sign(self, application: SealApplication, *, by: Account | None = None, **instead: Any) -> Any:
        """The head signs on the page, as the browser does; the answer."""
        account = by or self.leader
        signer = self.signer(instead.pop("certified", account))
        browser = self.world.browser(account)
        digest = instead.pop("digest", digest_to_sign(SealApplication.objects.get(pk=application.pk)))
        challenge = ask(browser, instead.pop("action", "sign_seal_application"), digest)
        said = answered(signer, challenge) | {"words": "同意。"} | instead
        return post(browser, f"/seals/applications/{application.pk}/sign/", said)

    def signed(self, matter: str = "make", **how: Any) -> SealApplication:
        application = self.proposed(matter, **how)
        answer = self.sign(application)
        assert answer.status_code == 200, answer.content.decode()
        return SealApplication.objects.get(pk=application.pk)

    def approved(self, matter: str = "make", **how: Any) -> SealApplication:
        application = self.signed(matter, **how)
        return approve_application(actor=self.supervisor, application_id=application.pk, words="同意制作。")

    def seal(self) -> Seal:
        """A seal of the unit, made as the centre makes them without a session."""
        with command():
            made = issue_seal(actor=None, unit=self.unit, imprint=self.world.imprint)
        return Seal.objects.get(pk=made.pk)


def life(world: World) -> Life:
    """Name the parties and their people in this centre."""
    for role, name in (("supervising", "市府办公室"), ("operating", "市规划局")):
        CentreRole.objects.update_or_create(role=role, defaults={"unit": world.units[name]})
    return Life(
        world=world,
        custodian=world.appoint_custodian(UNIT),
        second=world.holder(Duty.CUSTODIAN, UNIT, 2),
        leader=world.appoint_leader(UNIT),
        supervisor=world.holder(Duty.SUPERVISOR, "市府办公室"),
        operator=world.holder(Duty.OPERATOR, "市规划局"),
    )
