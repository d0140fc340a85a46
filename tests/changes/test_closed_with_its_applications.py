"""When a unit closes, what it had applied for ends with it (J-10): nobody is left who could correct it."""

import pytest

from support.changes import PDF, Parties
from support.seal_life import Life
from yichuan.changes.models import Application
from yichuan.changes.services.accept import accept
from yichuan.changes.services.approve import approve
from yichuan.changes.services.carry_out import carry_out
from yichuan.changes.services.papers import Paper, attach
from yichuan.changes.services.submit import submit
from yichuan.changes.services.take_back_seals import take_back_seals
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.org.models import Unit
from yichuan.seals.models import SealApplication
from yichuan.seals.services.move import certificates


@pytest.fixture
def life(parties: Parties) -> Life:
    world = parties.world
    return Life(
        world=world,
        custodian=world.appoint_custodian("市环保局"),
        second=world.appoint_custodian("市卫生局"),
        leader=world.appoint_leader("市环保局"),
        supervisor=parties.supervisor,
        operator=parties.operator,
    )


def _close(parties: Parties) -> Application:
    """市环保局 is deregistered."""
    closing = parties.approved("deregister")
    return carry_out(actor=parties.operator, application_id=closing.pk)


def _again(parties: Parties, upto: str) -> Application:
    """One more application of 市环保局, as far as `upto`."""
    application = parties.draft("add_name", papers=False)
    admin = parties.admin["市环保局"]
    attach(actor=admin, application_id=application.pk, paper=Paper("letter", "letter.pdf", PDF + upto.encode()))
    ids = {"application_id": application.pk}
    if upto != "draft":
        submit(actor=admin, **ids)
    if upto in ("accepted", "approved"):
        accept(actor=parties.operator, **ids, words="齐全")
    if upto == "approved":
        approve(actor=parties.supervisor, **ids, words="同意")
    return application


def test_its_other_applications_are_withdrawn_at_every_step(parties: Parties) -> None:
    others = [_again(parties, upto) for upto in ("draft", "submitted", "accepted", "approved")]
    assert _close(parties).state == "done"
    for application in others:
        application.refresh_from_db()
        assert application.state == "withdrawn"
        last = application.steps.order_by("at", "id").last()
        assert last is not None and "市环保局已经注销" in last.words


def test_its_applications_for_seals_end_too(parties: Parties, life: Life) -> None:
    draft, proposed, approved = life.draft(), life.proposed(), life.approved()
    _close(parties)
    for application in (draft, proposed, approved):
        assert SealApplication.objects.get(pk=application.pk).state == "withdrawn"


def test_another_units_applications_go_on(parties: Parties) -> None:
    other = parties.approved("add_name")
    Application.objects.filter(pk=other.pk).update(unit=parties.world.units["市卫生局"])
    _close(parties)
    other.refresh_from_db()
    assert other.state == "approved"


def test_one_that_finds_its_unit_closed_ends_instead_of_going_back(parties: Parties) -> None:
    application = parties.approved("add_name")
    Unit.objects.filter(pk=parties.world.units["市环保局"].pk).update(closed_at=clock.now())
    with pytest.raises(Refused, match="申请已经结束"):
        carry_out(actor=parties.operator, application_id=application.pk)
    application.refresh_from_db()
    assert application.state == "withdrawn"


def test_its_seals_are_handed_in_when_the_secretariat_has_them(parties: Parties, life: Life) -> None:
    seal = life.seal()
    closing = _close(parties)
    seal.refresh_from_db()
    assert (seal.state, seal.cause) == ("withdrawn", "deregistration")
    assert {row.state for row in certificates(seal)} == {"revoked"}
    take_back_seals(actor=parties.supervisor, application_id=closing.pk, words="王小明交来")
    seal.refresh_from_db()
    assert seal.state == "handed_in"
