"""Who sees and handles applications for seals (J-21, P3): the unit, its head, the supervising office, the operator."""

import pytest
from django.utils.timezone import localdate

from support.seal_life import Life
from yichuan.common import clock
from yichuan.common.errors import NotAllowed, NotFound, Refused
from yichuan.org.duties import Duty
from yichuan.org.models import Post
from yichuan.people.models import Account
from yichuan.seals.models import Imprint
from yichuan.seals.selectors_applications import hats, listed, waiting_count
from yichuan.seals.services.application_papers import read
from yichuan.seals.services.approve_application import approve_application
from yichuan.seals.services.propose import propose
from yichuan.seals.services.send_back_application import refuse_application, send_back_application
from yichuan.seals.services.withdraw_application import withdraw_application

WORDS = {"words": "意见"}


def _fresh(account: Account) -> Account:
    """As the next request reads them: posts are asked once a request."""
    return Account.objects.get(pk=account.pk)


def _waits(life: Life) -> dict[str, int]:
    people = {"custodian": life.custodian, "leader": life.leader, "over": life.supervisor, "makes": life.operator}
    return {name: waiting_count(_fresh(account)) for name, account in people.items()}


def test_it_waits_for_one_party_after_the_other(life: Life) -> None:
    assert _waits(life) == {"custodian": 0, "leader": 0, "over": 0, "makes": 0}
    application = life.draft()
    assert _waits(life) == {"custodian": 1, "leader": 0, "over": 0, "makes": 0}
    propose(actor=life.custodian, application_id=application.pk)
    assert _waits(life) == {"custodian": 0, "leader": 1, "over": 0, "makes": 0}
    life.sign(application)
    assert _waits(life) == {"custodian": 0, "leader": 0, "over": 1, "makes": 0}
    approve_application(actor=life.supervisor, application_id=application.pk, **WORDS)
    assert _waits(life) == {"custodian": 0, "leader": 0, "over": 0, "makes": 1}


def test_each_sees_it_from_the_step_on_that_concerns_them(life: Life) -> None:
    application = life.proposed()
    for account, sees in ((life.second, True), (life.leader, True), (life.supervisor, False), (life.operator, False)):
        assert (application in listed(hats(account), "all")) is sees, account
    life.sign(application)
    assert application in listed(hats(life.supervisor), "all")
    assert application not in listed(hats(life.operator), "all")
    approve_application(actor=life.supervisor, application_id=application.pk, **WORDS)
    assert application in listed(hats(life.operator), "all")
    assert list(listed(hats(life.operator), "open", "环保局")) == [application]
    assert list(listed(hats(life.operator), "open", "卫生局")) == []


def test_others_find_nothing_and_do_nothing(life: Life) -> None:
    application = life.signed(papers=("other",))
    paper = application.papers.get()
    others = [life.world.custodian["市府办公室"], life.world.leader, life.world.clerk["市卫生局"], life.operator]
    for account in others:
        for act in (
            lambda who: approve_application(actor=who, application_id=application.pk, **WORDS),
            lambda who: withdraw_application(actor=who, application_id=application.pk),
            lambda who: read(actor=who, application_id=application.pk, paper_id=paper.pk),
        ):
            with pytest.raises(NotFound):
                act(account)
    with pytest.raises(NotAllowed):
        approve_application(actor=life.leader, application_id=application.pk, **WORDS)
    with pytest.raises(NotAllowed):
        refuse_application(actor=life.custodian, application_id=application.pk, **WORDS)
    with pytest.raises(NotAllowed):
        withdraw_application(actor=life.supervisor, application_id=application.pk)


@pytest.mark.parametrize("duty", [Duty.SYSTEM_ADMIN, Duty.SECURITY_OFFICER, Duty.AUDITOR])
def test_the_three_administrators_see_none(life: Life, duty: Duty) -> None:
    application = life.signed()
    browser = life.world.browser(life.world.holder(duty, number=7))
    for address in ("", f"{application.pk}/", f"{application.pk}/form.pdf"):
        assert browser.get(f"/seals/applications/{address}").status_code == 403
    assert browser.get("/seals/rules/").status_code == 403


def test_who_lost_a_post_meanwhile_stops_the_approval(life: Life) -> None:
    application = life.signed()
    Post.objects.filter(account=life.clerk, unit=life.unit).update(until=clock.now())
    with pytest.raises(Refused) as refusal:
        approve_application(actor=life.supervisor, application_id=application.pk, **WORDS)
    assert refusal.value.code == "not_sound"
    assert life.clerk.name in refusal.value.message


def test_an_imprint_that_is_approved_no_longer_stops_it_too(life: Life) -> None:
    application = life.signed()
    Imprint.objects.filter(pk=application.imprint_id).update(approved_at=None)
    with pytest.raises(Refused, match="印模还没有批准"):
        approve_application(actor=life.supervisor, application_id=application.pk, **WORDS)


def test_a_unit_that_closed_meanwhile_stops_it_too(life: Life) -> None:
    application = life.signed()
    life.unit.closed_at = clock.now()
    life.unit.save()
    with pytest.raises(Refused, match="已经注销"):
        approve_application(actor=life.supervisor, application_id=application.pk, **WORDS)


def test_the_operator_sends_it_back_with_a_reason(life: Life) -> None:
    application = life.approved()
    with pytest.raises(Refused, match="请写明要补正什么"):
        send_back_application(actor=life.operator, application_id=application.pk, words=" ")
    with pytest.raises(NotAllowed):
        send_back_application(actor=life.supervisor, application_id=application.pk, words="退回")
    assert send_back_application(actor=life.operator, application_id=application.pk, words="缺证明").state == "returned"


def test_numbers_run_through_the_year_without_a_gap(life: Life) -> None:
    numbers = []
    for _ in range(3):
        application = life.proposed()
        numbers.append(application.number)
        withdraw_application(actor=life.custodian, application_id=application.pk)
    year = localdate(clock.now()).year
    assert numbers == [f"江印申〔{year}〕{n}号" for n in (1, 2, 3)]
