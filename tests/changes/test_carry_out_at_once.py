"""Several hands at the same button: carried out once, numbers without gaps, one name for one unit."""

from support.at_once import at_once
from support.changes import Parties
from support.changes import parties as name_parties
from support.world import World
from yichuan.audit.models import Entry
from yichuan.changes.models import Application
from yichuan.changes.services.accept import accept
from yichuan.changes.services.approve import approve
from yichuan.changes.services.carry_out import carry_out, go_on
from yichuan.changes.services.submit import submit
from yichuan.common.errors import Refused
from yichuan.org.models import Unit

HANDS = 4


def _approved(parties: Parties, number: int) -> Application:
    """A paper application to join under one and the same name, whoever sends it."""
    draft = parties.draft("join", contact=f"联系人{number}")
    submit(actor=parties.operator, application_id=draft.pk)
    accept(actor=parties.operator, application_id=draft.pk, words="齐全")
    return approve(actor=parties.supervisor, application_id=draft.pk, words="同意")


def test_two_operators_at_once_carry_it_out_once(committed_world: World) -> None:
    parties = name_parties(committed_world)
    application = parties.approved("join")
    operators = (parties.operator, parties.second_operator)
    raised = at_once(
        lambda number: carry_out(actor=operators[number % 2], application_id=application.pk) and None, HANDS
    )
    assert len(raised) == HANDS - 1
    assert {type(each) for each in raised} == {Refused}, raised
    assert Unit.objects.filter(short_name="市水利局").count() == 1
    assert Entry.objects.filter(verb="changes.finish", subject_id=application.pk).count() == 1


def test_operator_and_ticker_end_it_once(committed_world: World) -> None:
    parties = name_parties(committed_world)
    application = parties.approved("join")
    carry_out(actor=parties.operator, application_id=application.pk)
    assert at_once(lambda _: go_on(application.pk) and None, HANDS) == []
    assert Unit.objects.filter(short_name="市水利局").count() == 1
    assert Entry.objects.filter(verb="changes.finish", subject_id=application.pk).count() == 1


def test_of_two_applications_for_one_name_one_goes_back(committed_world: World) -> None:
    parties = name_parties(committed_world)
    both = [_approved(parties, number) for number in range(2)]
    raised = at_once(lambda number: carry_out(actor=parties.operator, application_id=both[number].pk) and None, 2)
    assert [type(each) for each in raised] == [Refused], raised
    assert Unit.objects.filter(short_name="市水利局").count() == 1
    states = sorted(Application.objects.values_list("state", flat=True))
    assert states == ["done", "returned"]


def test_numbers_given_at_once_leave_no_gap(committed_world: World) -> None:
    parties = name_parties(committed_world)
    drafts = [parties.draft("join", name=f"江门市第{n}局", short_name=f"第{n}局") for n in range(HANDS)]
    raised = at_once(lambda n: submit(actor=parties.operator, application_id=drafts[n].pk) and None, HANDS)
    assert raised == []
    numbers = sorted(Application.objects.values_list("number", flat=True))
    assert [number[-4:] for number in numbers] == [f"{n:04d}" for n in range(1, HANDS + 1)]
