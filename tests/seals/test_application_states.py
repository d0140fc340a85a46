"""The table of an application for a seal: every pair of state and verb (contract 5)."""

from collections.abc import Callable

import pytest
from django.forms.models import model_to_dict

from support.seal_life import Life
from yichuan.audit.labels import LABELS
from yichuan.audit.models import Entry
from yichuan.common.errors import Refused
from yichuan.common.models import Event
from yichuan.common.states import Transition
from yichuan.common.transactions import command
from yichuan.people.models import Account
from yichuan.seals.kinds import ApplicationState as S
from yichuan.seals.models import ApplicationStep, Seal, SealApplication
from yichuan.seals.services.approve_application import approve_application
from yichuan.seals.services.finish_application import finish
from yichuan.seals.services.propose import propose
from yichuan.seals.services.send_back_application import refuse_application, send_back_application
from yichuan.seals.services.withdraw_application import withdraw_application
from yichuan.seals.states import APPLICATION, SEAL
from yichuan.seals.words import LOOKS, SEAL_LOOKS, VERBS

WORDS = {"words": "意见"}


def _finish(life: Life, application: SealApplication) -> None:
    with command():
        locked = SealApplication.objects.select_for_update().get(pk=application.pk)
        finish(actor=life.operator, application=locked, seal=Seal.objects.get())


def _sign(life: Life, application: SealApplication) -> None:
    answer = life.sign(application)
    if answer.status_code != 200:
        raise Refused(answer.json()["code"], answer.json()["error"])


ACTS: dict[str, Callable[[Life, SealApplication], object]] = {
    "propose": lambda p, a: propose(actor=p.custodian, application_id=a.pk),
    "sign": _sign,
    "approve": lambda p, a: approve_application(actor=p.supervisor, application_id=a.pk, **WORDS),
    "send_back": lambda p, a: send_back_application(actor=_who(p, a), application_id=a.pk, **WORDS),
    "refuse": lambda p, a: refuse_application(actor=p.supervisor, application_id=a.pk, **WORDS),
    "withdraw": lambda p, a: withdraw_application(actor=p.custodian, application_id=a.pk),
    "finish": _finish,
}
PAIRS = [(verb, state) for verb in ACTS for state in S]


def _who(life: Life, application: SealApplication) -> Account:
    return {S.TO_SIGN.value: life.leader, S.APPROVED.value: life.operator}.get(application.state, life.supervisor)


def _put(application: SealApplication, state: str) -> SealApplication:
    SealApplication.objects.filter(pk=application.pk).update(state=state)
    application.refresh_from_db()
    return application


def _everything(application: SealApplication) -> object:
    application.refresh_from_db()
    left = [model.objects.filter(subject_id=application.pk).count() for model in (Event, Entry)]
    return model_to_dict(application), ApplicationStep.objects.count(), left


def test_the_table_knows_no_other_verb_and_each_state_and_verb_has_its_word() -> None:
    assert {row.verb for row in APPLICATION.rows} == set(ACTS) == set(VERBS)
    assert set(LOOKS) == set(S)
    assert set(SEAL_LOOKS) == {state for row in SEAL.rows for state in (row.source, row.target)}
    assert {row.audit for row in (*APPLICATION.rows, *SEAL.rows)} <= set(LABELS)


def test_what_the_table_does_not_list_is_refused_and_changes_nothing(life: Life) -> None:
    application = life.signed()
    refused = [pair for pair in PAIRS if not APPLICATION.allows(*pair)]
    assert len(refused) == len(PAIRS) - len(APPLICATION.rows) > 30
    for verb, state in refused:
        _put(application, state)
        before = _everything(application)
        with pytest.raises(Refused) as refusal:
            ACTS[verb](life, application)
        assert refusal.value.code == "wrong_state", (verb, state)
        assert _everything(application) == before, (verb, state)


@pytest.mark.parametrize("row", APPLICATION.rows, ids=lambda row: f"{row.verb} from {row.source}")
def test_what_it_lists_leads_where_it_says_under_its_name_in_the_log(life: Life, row: Transition) -> None:
    made = life.approved() if row.source == S.APPROVED else life.signed()
    application = _put(made, row.source)
    before = Entry.objects.filter(verb=row.audit, subject_id=application.pk).count()
    ACTS[row.verb](life, application)
    application.refresh_from_db()
    assert application.state == row.target
    assert Entry.objects.filter(verb=row.audit, subject_id=application.pk).count() == before + 1
    assert application.steps.last().verb == row.verb  # type: ignore[union-attr]
