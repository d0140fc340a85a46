"""An application on its way: each step by the party that the document names, every step kept (J-8, J-10)."""

import pytest

from support.changes import PDF, Parties
from yichuan.audit.models import Entry
from yichuan.changes.models import Application
from yichuan.changes.services.accept import accept
from yichuan.changes.services.approve import approve
from yichuan.changes.services.begin import begin
from yichuan.changes.services.papers import Paper, attach
from yichuan.changes.services.submit import submit
from yichuan.common.errors import NotAllowed, NotFound
from yichuan.common.models import Event
from yichuan.common.transactions import command
from yichuan.org.duties import Duty
from yichuan.org.services.appoint import appoint
from yichuan.people.models import Account


def test_it_goes_from_the_unit_over_the_operator_to_the_supervising_office(parties: Parties) -> None:
    application = parties.approved("rename")
    steps = list(application.steps.values_list("verb", "by_name", "unit_name", "words"))
    assert steps == [
        ("submit", "单位系统管理员1", "江门市环保局", ""),
        ("accept", "承办单位经办人1", "江门市规划局", "材料齐全，拟同意。"),
        ("approve", "主管单位审批人1", "江门市人民政府办公室", "同意。"),
    ]
    verbs = Entry.objects.filter(subject_id=application.pk).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == [
        "changes.begin", "changes.attach", "changes.attach", "changes.submit", "changes.accept", "changes.approve",
    ]  # fmt: skip


def test_all_whom_it_touches_hear_of_every_step(parties: Parties) -> None:
    application = parties.submitted("merge_into")
    told = {each.unit_id for each in Event.objects.filter(kind="application", subject_id=application.pk)}
    names = ("市府办公室", "市规划局", "市环保局", "市建设局")
    assert told == {parties.world.units[name].pk for name in names}


def test_numbers_of_a_year_follow_one_another(parties: Parties) -> None:
    parties.draft("add_name")  # a draft takes no number
    numbers = [parties.submitted("rename").number, parties.submitted("deregister").number]
    assert [number and number[-5:] for number in numbers] == ["-0001", "-0002"]


def test_who_accepted_does_not_approve(parties: Parties) -> None:
    application = parties.accepted("rename")
    Application.objects.filter(pk=application.pk).update(state="submitted")
    application.steps.all().delete()
    both = parties.supervisor
    from yichuan.org.models import Post  # the same person, in both posts

    Post.objects.create(
        account=both, unit=parties.world.units["市规划局"], duty="operator", since=application.created_at
    )
    both = type(both).objects.get(pk=both.pk)
    accept(actor=both, application_id=application.pk, words="齐全")
    with pytest.raises(NotAllowed, match="另一位审批人"):
        approve(actor=both, application_id=application.pk, words="同意")


def test_who_submitted_it_for_their_own_unit_does_not_accept_it(parties: Parties) -> None:
    unit = parties.world.units["市规划局"]
    writer, submitter = (parties.world.holder(Duty.UNIT_ADMIN, "市规划局", number) for number in (1, 2))
    draft = begin(actor=writer, unit=unit, content=parties.content("add_name"))
    attach(actor=writer, application_id=draft.pk, paper=Paper("letter", "letter.pdf", PDF))
    submit(actor=submitter, application_id=draft.pk)
    with command():
        appoint(actor=None, account=submitter, unit=unit, duty=Duty.OPERATOR)
    submitter = Account.objects.get(pk=submitter.pk)
    with pytest.raises(NotAllowed, match="另一位经办人"):
        accept(actor=submitter, application_id=draft.pk, words="齐全")
    assert accept(actor=parties.operator, application_id=draft.pk, words="齐全").state == "accepted"


def test_another_units_administrator_neither_sees_nor_submits_it(parties: Parties) -> None:
    draft = parties.draft("rename")
    with pytest.raises(NotFound):
        submit(actor=parties.admin["市卫生局"], application_id=draft.pk)


def test_the_operator_does_not_approve_and_the_supervising_office_does_not_accept(parties: Parties) -> None:
    waiting = parties.submitted("rename")
    with pytest.raises(NotAllowed):
        accept(actor=parties.supervisor, application_id=waiting.pk, words="齐全")
    accept(actor=parties.operator, application_id=waiting.pk, words="齐全")
    with pytest.raises(NotAllowed):
        approve(actor=parties.operator, application_id=waiting.pk, words="同意")
