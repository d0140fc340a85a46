"""The rows of the staff form: accounts, cards and requests for posts (P4, J-14), a slice of them together. Steps."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db import IntegrityError, transaction

from yichuan.changes.models import ImportRow
from yichuan.changes.services.import_rows import values_of
from yichuan.changes.services.import_slice import CLASHED, Slice, Values, fail, open_unit
from yichuan.changes.sheet_forms import DUTIES, YES
from yichuan.common.errors import Refused
from yichuan.org.models import AccessChange
from yichuan.org.services.access import Requests
from yichuan.org.services.staff import Newcomer, newcomer, register


def bring_people_in(part: Slice, rows: Sequence[ImportRow]) -> None:
    """All together, which asks little of the database; one by one where somebody took a username meanwhile."""
    try:
        with transaction.atomic():
            _together(part, rows)
    except IntegrityError:
        if len(rows) == 1:
            fail(rows[0], CLASHED)
        else:
            for row in rows:
                bring_people_in(part, [row])


def _together(part: Slice, rows: Sequence[ImportRow]) -> None:
    """Register the people and ask for their posts; the auditor reviews them. Nobody learns the first passwords:
    new ones are drawn when the slips are printed (`import_slips`)."""
    known = set(part.people)
    coming: list[tuple[ImportRow, Values, Newcomer]] = []
    for row in rows:
        values = values_of(row)
        person = name, _ = values["name"], values["mobile"]
        try:
            if person in known:
                raise Refused("registered_already", f"「{name}」已经登记过，没有再开账号。")
            coming.append((row, values, _newcomer(part, values, [each.account.username for *_, each in coming])))
        except Refused as refusal:
            fail(row, refusal.message)
        else:
            known.add(person)
    register(actor=part.source.taken_by, people=[each for *_, each in coming])
    requests = Requests(None, [each.account for *_, each in coming])
    for row, values, each in coming:
        row.state, row.account, row.unit = ImportRow.State.DONE, each.account, each.staff.unit
        row.note = _ask_for_posts(part, requests, each, values["duties"].split("、"))
    requests.lay()
    part.people |= known


def _newcomer(part: Slice, values: Values, given: Collection[str]) -> Newcomer:
    trained = values.get("trained_on", "")
    return newcomer(
        unit=open_unit(part, values),
        username=values.get("username", ""),
        name=values["name"],
        title=values.get("title", ""),
        phone=values.get("phone", ""),
        mobile=values["mobile"],
        mail=values.get("mail", ""),
        established=values["established"] == YES,
        trained_on=date.fromisoformat(trained) if trained else None,
        given=given,
    )


def _ask_for_posts(part: Slice, requests: Requests, person: Newcomer, labels: Sequence[str]) -> str:
    """What was not asked for, and why."""
    left = []
    for label in labels:
        try:
            requests.add(
                kind=AccessChange.Kind.APPOINT,
                account=person.account,
                unit=person.staff.unit,
                duty=DUTIES[label],
                reason=f"{part.source.batch.name}报名表，{part.source.taken_by.name}导入",
            )
        except Refused as refusal:
            left.append(f"{label}没有申请：{refusal.message}")
    return "".join(left)
