"""Carrying out: what each kind of application does in every room, once, and only while the facts still hold."""

import pytest

from support.changes import Parties
from support.world import broken_device
from yichuan.changes.models import Application, Plan
from yichuan.changes.services.carry_out import carry_out, settle_plans
from yichuan.common.errors import NotAllowed, Refused, Unavailable
from yichuan.common.transactions import command
from yichuan.exchange.models import Delivery
from yichuan.exchange.selectors import inbox
from yichuan.org.duties import Duty
from yichuan.org.models import AccessChange, Post, Staff, Unit, UnitName
from yichuan.org.selectors import address_book, box_of
from yichuan.org.selectors.unit_certificates import certificates_in_force, unit_certificates
from yichuan.org.services.access import request_change
from yichuan.org.services.appoint import appoint
from yichuan.org.services.close_unit import close_unit
from yichuan.org.services.names import add_name
from yichuan.people.models import Account
from yichuan.seals.models import Seal
from yichuan.seals.services.issue import issue_seal


def _done(parties: Parties, kind: str, **changed: object) -> Application:
    application = parties.approved(kind, **changed)
    return carry_out(actor=parties.operator, application_id=application.pk)


def test_a_unit_that_joins_has_box_and_administrator_whose_post_waits_for_the_auditor(parties: Parties) -> None:
    done = _done(parties, "join")
    unit = Unit.objects.get(short_name="市水利局")
    assert (done.state, done.result, unit.kind, unit.code) == ("done", unit, "organ", done.number)
    assert unit in address_book() and box_of(unit.pk).generation == 1
    administrator = Staff.objects.get(unit=unit).account
    assert done.administrator == administrator and administrator.must_change_password
    waiting = AccessChange.objects.get(account=administrator)
    assert (waiting.kind, waiting.duty, waiting.state) == ("appoint", "unit_admin", "waiting")
    assert not Post.objects.filter(account=administrator).exists()


def test_letters_reach_a_unit_that_has_joined(parties: Parties) -> None:
    unit = _done(parties, "join").result
    assert unit is not None
    parties.world.units["市水利局"] = unit
    delivery = parties.world.delivery("市水利局")
    assert list(inbox(unit.pk)) == [delivery]


def test_after_a_rename_old_letters_keep_the_old_name_and_its_seal_is_withdrawn(parties: Parties) -> None:
    world, unit = parties.world, parties.world.units["市环保局"]
    delivery = world.delivery("市环保局")
    with command():
        seal = issue_seal(actor=None, unit=unit, imprint=world.imprint)
    done = _done(parties, "rename", users=(str(world.clerk["市环保局"].pk),))
    unit.refresh_from_db()
    seal.refresh_from_db()
    delivery.refresh_from_db()
    assert (unit.name, unit.short_name, done.state) == ("江门市生态环境局", "市生态环境局", "done")
    assert delivery.addressee.name == "江门市环保局"
    assert UnitName.objects.get(unit=unit, valid_to=None).name == "江门市生态环境局"
    assert seal.withdrawn_at is not None
    assert certificates_in_force().get(holder_id=unit.pk).subject == "江门市生态环境局"


def test_after_a_rename_people_are_as_the_letter_says(parties: Parties) -> None:
    world = parties.world
    clerk, admin = world.clerk["市环保局"], parties.admin["市环保局"]
    done = _done(parties, "rename", users=(str(clerk.pk),))
    clerk.refresh_from_db()
    admin.refresh_from_db()
    assert (clerk.is_active, admin.is_active) == (True, False)
    assert done.administrator is not None and done.administrator.name == "王小明"
    kinds = AccessChange.objects.order_by("requested_at", "id").values_list("kind", "account__name")
    assert set(kinds) == {("appoint", "王小明"), ("suspend", admin.name), ("dismiss", admin.name)}


def test_what_was_asked_for_already_is_not_asked_for_again(parties: Parties) -> None:
    clerk, admin = parties.world.clerk["市环保局"], parties.admin["市环保局"]
    post = Post.objects.get(account=admin)
    with command():
        request_change(actor=None, kind="dismiss", account=admin, post=post, reason="调离")
    done = _done(parties, "rename", users=(str(clerk.pk),))
    assert done.state == "done"
    assert AccessChange.objects.filter(kind="dismiss").count() == 1


def test_who_serves_another_unit_as_well_keeps_the_account(parties: Parties) -> None:
    clerk = parties.world.clerk["市环保局"]
    with command():
        appoint(actor=None, account=clerk, unit=parties.world.units["市卫生局"], duty=Duty.CLERK)
    _done(parties, "deregister")
    clerk.refresh_from_db()
    assert clerk.is_active
    assert not Post.objects.filter(account=clerk, unit__short_name="市环保局", until=None).exists()


def test_the_administrator_may_stay_through_a_rename(parties: Parties) -> None:
    clerk, admin = parties.world.clerk["市环保局"], parties.admin["市环保局"]
    done = _done(parties, "rename", administrator=str(admin.pk), users=(str(clerk.pk), str(admin.pk)))
    assert done.administrator is None
    assert not AccessChange.objects.exists()


def test_a_deregistered_units_documents_go_where_its_application_says(parties: Parties) -> None:
    world, unit = parties.world, parties.world.units["市环保局"]
    delivery = world.delivery("市环保局")
    _done(parties, "deregister")
    unit.refresh_from_db()
    delivery.refresh_from_db()
    assert unit.closed_at is not None and unit not in address_book()
    assert delivery.unit == world.units["市建设局"] and delivery.addressee.name == "江门市环保局"
    assert not Post.objects.filter(unit=unit, until=None).exists()
    assert not Account.objects.filter(staff__unit=unit, is_active=True).exists()
    certificate = unit_certificates().get(holder_id=unit.pk)
    assert (certificate.state, certificate.reason) == ("revoked", "affiliation_changed")


@pytest.mark.parametrize("disposal", ["archive", "export"])
def test_what_is_archived_or_exported_is_kept_by_the_supervising_office_and_lost_by_nobody(
    parties: Parties, disposal: str
) -> None:
    world, unit = parties.world, parties.world.units["市环保局"]
    delivery = world.delivery("市环保局")
    _done(parties, "deregister", disposal=disposal, to="")
    unit.refresh_from_db()
    delivery.refresh_from_db()
    assert (unit.successor, unit.disposal) == (None, disposal)
    assert delivery.box.unit == world.units["市府办公室"]
    assert Delivery.objects.count() == 1


def test_a_unit_merged_into_another_is_succeeded_by_it_with_its_people(parties: Parties) -> None:
    world = parties.world
    delivery = world.delivery("市环保局")
    done = _done(parties, "merge_into")
    gone, survivor = Unit.objects.get(short_name="市环保局"), world.units["市建设局"]
    delivery.refresh_from_db()
    assert done.result == gone.successor == delivery.unit == survivor
    assert world.clerk["市环保局"].pk in set(Staff.objects.filter(unit=survivor).values_list("account_id", flat=True))
    survivor.refresh_from_db()
    assert survivor.name == "江门市建设局"


def test_two_units_merged_into_a_new_one_are_both_succeeded_by_it(parties: Parties) -> None:
    world = parties.world
    deliveries = [world.delivery("市环保局"), world.delivery("市建设局")]
    done = _done(parties, "merge_new")
    assert done.result is not None and done.result.name == "江门市住房和环境局"
    for delivery in deliveries:
        delivery.refresh_from_db()
    assert {each.unit for each in deliveries} == {done.result}
    assert {each.short_name for each in Unit.objects.filter(successor=done.result)} == {"市环保局", "市建设局"}
    assert done.administrator is not None


def test_a_board_is_added_and_laid_down_with_its_seal(parties: Parties) -> None:
    unit = parties.world.units["市环保局"]
    _done(parties, "add_name")
    assert UnitName.objects.filter(unit=unit, main=False, valid_to=None, name="江门市环境监测中心").exists()
    application = parties.approved("drop_name")
    with command():
        own = issue_seal(actor=None, unit=unit, imprint=parties.world.imprint)
        boards = issue_seal(actor=None, unit=unit, imprint=parties.world.imprint)
        Seal.objects.filter(pk=boards.pk).update(name="江门市核安全局")
    carry_out(actor=parties.operator, application_id=application.pk)
    own.refresh_from_db()
    boards.refresh_from_db()
    assert own.withdrawn_at is None and boards.withdrawn_at is not None
    assert not UnitName.objects.filter(unit=unit, valid_to=None, name="江门市核安全局").exists()


def test_it_is_carried_out_once(parties: Parties) -> None:
    application = parties.approved("join")
    carry_out(actor=parties.operator, application_id=application.pk)
    with pytest.raises(Refused, match="已办结"):
        carry_out(actor=parties.second_operator, application_id=application.pk)
    assert Unit.objects.filter(short_name="市水利局").count() == 1


def test_only_the_operator_carries_out(parties: Parties) -> None:
    application = parties.approved("join")
    with pytest.raises(NotAllowed):
        carry_out(actor=parties.supervisor, application_id=application.pk)


def test_a_name_that_was_taken_meanwhile_sends_it_back(parties: Parties) -> None:
    application = parties.approved("join")
    world = parties.world
    with command():
        add_name(
            actor=None,
            unit=world.units["市卫生局"],
            name="江门市水利局 ",
            short_name="另名",
            on=world.units["市卫生局"].starts,
        )
    with pytest.raises(Refused, match=r"情况有变.*江门市水利局"):
        carry_out(actor=parties.operator, application_id=application.pk)
    application.refresh_from_db()
    assert application.state == "returned"
    assert "情况有变" in application.steps.last().words  # type: ignore[union-attr]
    assert not Unit.objects.filter(short_name="市水利局").exists() and not Plan.objects.exists()


def test_a_unit_that_was_closed_meanwhile_sends_it_back(parties: Parties) -> None:
    application = parties.approved("merge_into")
    with command():
        close_unit(actor=None, unit=parties.world.units["市建设局"], successor=None, disposal="archive")
    with pytest.raises(Refused, match="情况有变"):
        carry_out(actor=parties.operator, application_id=application.pk)
    application.refresh_from_db()
    assert application.state == "returned"


def test_what_changes_between_intent_and_end_sends_it_back_too(
    parties: Parties, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yichuan.changes.services.carrying import kinds

    application, real = parties.approved("join"), kinds.prepare

    def meanwhile(*given: object) -> object:
        Unit.objects.filter(short_name="市卫生局").update(name="江门市水利局")
        UnitName.objects.filter(short_name="市卫生局").update(name="江门市水利局")
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(kinds, "prepare", meanwhile)
    with pytest.raises(Refused, match="情况有变"):
        carry_out(actor=parties.operator, application_id=application.pk)
    application.refresh_from_db()
    assert application.state == "returned" and not Plan.objects.exists()
    assert Unit.objects.filter(name="江门市水利局").count() == 1


def test_a_device_that_does_not_answer_leaves_it_begun_and_the_ticker_ends_it(parties: Parties) -> None:
    application = parties.approved("join")
    with broken_device("make_wrapping_key"), pytest.raises(Unavailable):
        carry_out(actor=parties.operator, application_id=application.pk)
    application.refresh_from_db()
    assert (application.state, application.plan.failure) == ("carrying_out", "密码设备没有应答")
    assert settle_plans() == 0  # just begun: whoever began it may still be at it
    Plan.objects.update(begun_at=application.created_at.replace(year=2008))
    assert settle_plans() == 1
    application.refresh_from_db()
    assert application.state == "done"
    assert settle_plans() == 0


def test_one_plan_that_cannot_go_on_keeps_no_other_waiting(parties: Parties, monkeypatch: pytest.MonkeyPatch) -> None:
    from yichuan.changes.services.carrying import kinds

    stuck, free, real = parties.approved("join"), parties.approved("add_name"), kinds.prepare
    with broken_device("make_wrapping_key"), pytest.raises(Unavailable):
        carry_out(actor=parties.operator, application_id=stuck.pk)
    monkeypatch.setattr(kinds, "carry", lambda *_: (_ for _ in ()).throw(Unavailable("away", "没有应答")))
    with pytest.raises(Unavailable):
        carry_out(actor=parties.operator, application_id=free.pk)
    monkeypatch.undo()

    def broken(application: Application, plan: Plan) -> object:
        if application.pk == stuck.pk:
            raise RuntimeError("nobody foresaw this")
        return real(application, plan)

    monkeypatch.setattr(kinds, "prepare", broken)
    Plan.objects.update(begun_at=stuck.created_at.replace(year=2008))
    assert settle_plans() == 1
    free.refresh_from_db()
    assert free.state == "done"
