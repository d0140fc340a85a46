"""The table of an application's states: every pair of state and verb; what it does not list is refused (contract 5)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.forms.models import model_to_dict

from support.changes import Parties
from yichuan.audit.models import Entry
from yichuan.changes.models import Application, Plan, Step
from yichuan.changes.services.accept import accept
from yichuan.changes.services.approve import approve
from yichuan.changes.services.carry_out import carry_out
from yichuan.changes.services.send_back import refuse, send_back
from yichuan.changes.services.submit import submit
from yichuan.changes.services.withdraw import withdraw
from yichuan.changes.states import APPLICATION, VERBS, ApplicationState
from yichuan.common.errors import Refused
from yichuan.common.models import Event
from yichuan.common.states import Transition
from yichuan.people.models import Account

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "changes.md"
WORDS = {"words": "意见"}
# `finish` and what leads back from 正在办理 are the centre's own steps: `carry_out` takes them.
ACTS: dict[str, Callable[[Parties, Application], object]] = {
    "submit": lambda p, a: submit(actor=p.admin["市环保局"], application_id=a.pk),
    "accept": lambda p, a: accept(actor=p.operator, application_id=a.pk, **WORDS),
    "approve": lambda p, a: approve(actor=p.supervisor, application_id=a.pk, **WORDS),
    "carry_out": lambda p, a: carry_out(actor=p.operator, application_id=a.pk),
    "send_back": lambda p, a: send_back(actor=_who(p, a), application_id=a.pk, **WORDS),
    "refuse": lambda p, a: refuse(actor=_who(p, a), application_id=a.pk, **WORDS),
    "withdraw": lambda p, a: withdraw(actor=p.admin["市环保局"], application_id=a.pk),
}
PAIRS = [(verb, state) for verb in ACTS for state in ApplicationState]
INSIDE = {("send_back", ApplicationState.CARRYING_OUT)}


def _who(parties: Parties, application: Application) -> Account:
    return parties.supervisor if application.state == "accepted" else parties.operator


def _put(application: Application, state: str) -> Application:
    Application.objects.filter(pk=application.pk).update(state=state)
    application.refresh_from_db()
    return application


def _everything(application: Application) -> object:
    application.refresh_from_db()
    kept = {name: value for name, value in model_to_dict(application).items() if name != "affected"}
    return kept, [model.objects.count() for model in (Entry, Step, Event, Plan)]


def test_the_table_knows_no_other_verb_and_each_has_its_word() -> None:
    assert {row.verb for row in APPLICATION.rows} == {*ACTS, "finish"}
    assert {row.verb for row in APPLICATION.rows} <= set(VERBS)


def test_what_the_table_does_not_list_is_refused_and_changes_nothing(parties: Parties) -> None:
    application = parties.submitted("rename")
    refused = [pair for pair in PAIRS if not APPLICATION.allows(*pair) or pair in INSIDE]
    assert len(refused) > 40
    for verb, state in refused:
        _put(application, state)
        before = _everything(application)
        with pytest.raises(Refused) as refusal:
            ACTS[verb](parties, application)
        # the operator does not see a draft that is another's: it looks as if it did not exist
        assert refusal.value.code in ("wrong_state", "carrying_out", "no_application"), (verb, state)
        assert _everything(application) == before, (verb, state)


@pytest.mark.parametrize(
    "row", [row for row in APPLICATION.rows if (row.verb, row.source) not in INSIDE and row.verb != "finish"],
    ids=lambda row: f"{row.verb} from {row.source}",
)  # fmt: skip
def test_what_it_lists_leads_where_it_says_under_its_name_in_the_log(parties: Parties, row: Transition) -> None:
    application = _put(parties.submitted("add_name"), row.source)
    before = Entry.objects.filter(verb=row.audit, subject_id=application.pk).count()
    ACTS[row.verb](parties, application)
    application.refresh_from_db()
    ends = "done" if row.verb == "carry_out" else row.target
    assert application.state == ends
    assert Entry.objects.filter(verb=row.audit, subject_id=application.pk).count() == before + 1


def test_the_guide_draws_this_table() -> None:
    assert APPLICATION.diagram() in GUIDE.read_text(encoding="utf-8")
