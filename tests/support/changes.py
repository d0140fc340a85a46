"""The two parties of a centre and applications on their way, for tests of `changes`."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from support.world import World
from yichuan.changes.content import (
    AddName,
    Content,
    Deregister,
    DropName,
    Join,
    MergeInto,
    MergeNew,
    Rename,
)
from yichuan.changes.models import Application
from yichuan.changes.services.accept import accept
from yichuan.changes.services.approve import approve
from yichuan.changes.services.begin import begin
from yichuan.changes.services.join import join
from yichuan.changes.services.papers import Paper, attach
from yichuan.changes.services.submit import submit
from yichuan.common.transactions import command
from yichuan.org.duties import Duty
from yichuan.org.models import CentreRole, Unit
from yichuan.org.services.names import add_name
from yichuan.people.models import Account

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
SHARED: dict[str, Any] = {"reason": "机构改革", "head": "张局长", "contact": "李四", "phone": "0750-3321179"}
ADMINISTRATOR: dict[str, Any] = {
    "admin_name": "王小明",
    "admin_title": "科员",
    "admin_phone": "0750-3321180",
    "admin_mobile": "13800138000",
    "admin_mail": "wang@example.gov.cn",
    "admin_established": True,
    "admin_trained_on": date(2008, 6, 25),
}
NEW_UNIT: dict[str, Any] = {"rank": "department", "unit_kind": "organ", "starts": date(2008, 8, 1)}


@dataclass
class Parties:
    """市府办公室 supervises, 市规划局 operates; each other unit has an administrator."""

    world: World
    operator: Account
    second_operator: Account
    supervisor: Account
    admin: dict[str, Account]

    def content(self, kind: str, **changed: Any) -> Content:
        """A sound content of this kind; what concerns a unit concerns 市环保局, what joins is 市水利局."""
        units = {name: str(unit.pk) for name, unit in self.world.units.items()}
        environment = self.world.units["市环保局"]
        made: dict[str, Content] = {
            "join": Join(name="江门市水利局", short_name="市水利局", **NEW_UNIT, **ADMINISTRATOR, **SHARED),
            "rename": Rename(name="江门市生态环境局", short_name="市生态环境局", **ADMINISTRATOR, **SHARED),
            "deregister": Deregister(disposal="hand_over", to=units["市建设局"], **SHARED),
            "merge_into": MergeInto(survivor=units["市建设局"], merged=(units["市环保局"],), **SHARED),
            "merge_new": MergeNew(
                merged=(units["市环保局"], units["市建设局"]),
                name="江门市住房和环境局",
                short_name="市住房环境局",
                **NEW_UNIT,
                **ADMINISTRATOR,
                **SHARED,
            ),
            "add_name": AddName(name="江门市环境监测中心", short_name="市环境监测中心", **SHARED),
            "drop_name": DropName(dropped=self._board(environment) if kind == "drop_name" else "", **SHARED),
        }
        return replace(made[kind], **changed)

    def _board(self, unit: Unit) -> str:
        with command():
            board = add_name(actor=None, unit=unit, name="江门市核安全局", short_name="市核安全局", on=date(2008, 8, 1))
        return str(board.pk)

    def draft(self, kind: str = "rename", *, papers: bool = True, **changed: Any) -> Application:
        """A draft of 市环保局's administrator, or from a paper letter where a unit is about to join."""
        content, paper = self.content(kind, **changed), kind == "join"
        unit = None if paper else self.world.units["市环保局"]
        actor = self.operator if paper else self.admin["市环保局"]
        draft = begin(actor=actor, unit=unit, content=content, paper=paper)
        for role in ("letter", "proof") if papers else ():
            attach(actor=actor, application_id=draft.pk, paper=Paper(role, f"{role}.pdf", PDF + role.encode()))
        return draft

    def submitted(self, kind: str = "rename", **changed: Any) -> Application:
        """One that waits for the operator."""
        draft = self.draft(kind, **changed)
        return submit(actor=self.operator if kind == "join" else self.admin["市环保局"], application_id=draft.pk)

    def accepted(self, kind: str = "rename", **changed: Any) -> Application:
        """One that waits for the supervising office."""
        found = self.submitted(kind, **changed)
        return accept(actor=self.operator, application_id=found.pk, words="材料齐全，拟同意。")

    def approved(self, kind: str = "rename", **changed: Any) -> Application:
        """One that waits to be carried out."""
        found = self.accepted(kind, **changed)
        return approve(actor=self.supervisor, application_id=found.pk, words="同意。")

    def joined(self, **changed: Any) -> tuple[Application, str]:
        """One that came over the public page, with its query code."""
        content = self.content("join", **changed)
        assert isinstance(content, Join)
        papers = [Paper(role, f"{role}.pdf", PDF + role.encode()) for role in ("letter", "proof")]
        return join(content=content, papers=papers, address="10.1.2.3")


def parties(world: World) -> Parties:
    """Name the two parties and their people in this centre."""
    for role, name in (("supervising", "市府办公室"), ("operating", "市规划局")):
        CentreRole.objects.update_or_create(role=role, defaults={"unit": world.units[name]})
    return Parties(
        world=world,
        operator=world.holder(Duty.OPERATOR, "市规划局"),
        second_operator=world.holder(Duty.OPERATOR, "市规划局", 2),
        supervisor=world.holder(Duty.SUPERVISOR, "市府办公室"),
        admin={name: world.holder(Duty.UNIT_ADMIN, name) for name in ("市环保局", "市建设局", "市卫生局")},
    )
