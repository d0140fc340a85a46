"""The ledger of uses (S8): every use is found again, by whoever may see it, and can be taken along."""

import io
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from support.world import World
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.errors import NotAllowed
from yichuan.common.transactions import command
from yichuan.seals.models import Seal, SealUse
from yichuan.seals.selectors_ledger import Wanted, uses
from yichuan.seals.services.export_ledger import HEAD, export_ledger
from yichuan.seals.services.use import begin_use, fail_use


@pytest.fixture
def used(world: World) -> World:
    """One document sealed three days ago, one attempt of today that failed."""
    world.sealed()
    SealUse.objects.update(begun_at=clock.now() - timedelta(days=3))
    with command():
        fail_use(
            begin_use(
                actor=world.custodian["市府办公室"],
                seal=Seal.objects.get(),
                document_id=uuid.uuid4(),
                digest=bytes(32),
                number="江府办〔2008〕99号",
            ),
            "载体拔出",
        )
    return world


def _found(world: World, **wanted: object) -> list[str]:
    return [use.number for use in uses(world.sender.pk, Wanted(**wanted))]  # type: ignore[arg-type]


def test_a_use_names_its_document_its_custodian_and_both_digests(used: World) -> None:
    use = SealUse.objects.get(state=SealUse.State.DONE)
    assert use.number == "江府办〔2008〕50号"
    assert use.custodians == ["李印"]
    assert use.digest_before and use.digest_after and use.digest_before != use.digest_after


def test_the_latest_stands_first_and_other_units_see_none(used: World) -> None:
    assert _found(used) == ["江府办〔2008〕99号", "江府办〔2008〕50号"]
    assert not uses(used.units["市卫生局"].pk, Wanted())


def test_it_is_searched_by_number_person_seal_result_and_day(used: World) -> None:
    today = timezone.localdate(clock.now())
    assert _found(used, number="〔2008〕50") == ["江府办〔2008〕50号"]
    assert _found(used, person="李印") == _found(used)
    assert _found(used, person="王五") == []
    assert _found(used, seal_id=Seal.objects.get().pk) == _found(used)
    assert _found(used, seal_id=uuid.uuid4()) == []
    assert _found(used, state="failed") == ["江府办〔2008〕99号"]
    assert _found(used, since=today) == ["江府办〔2008〕99号"]
    assert _found(used, until=today - timedelta(days=1)) == ["江府办〔2008〕50号"]


def test_the_page_shows_what_was_asked_for_and_the_way_back(used: World) -> None:
    browser = used.browser(used.custodian["市府办公室"])
    whole = browser.get("/seals/ledger/").content.decode()
    assert "江府办〔2008〕50号" in whole and "江府办〔2008〕99号" in whole
    some = browser.get("/seals/ledger/", {"state": "failed"}).content.decode()
    assert "江府办〔2008〕99号" in some and "江府办〔2008〕50号" not in some and "清除筛选" in some
    none = browser.get("/seals/ledger/", {"number": "没有这个"}).content.decode()
    assert "没有符合条件的用印" in none


@pytest.mark.parametrize("asked", [{"since": "昨天"}, {"seal": "x"}, {"page": "-3"}, {"state": "\0"}])
def test_what_cannot_be_searched_for_is_said_and_shows_the_list(used: World, asked: dict[str, str]) -> None:
    answer = used.browser(used.custodian["市府办公室"]).get("/seals/ledger/", asked)
    assert answer.status_code == 200 and "江府办〔2008〕50号" in answer.content.decode()


def test_a_clerk_without_the_permission_is_refused(used: World) -> None:
    assert used.browser(used.sending_clerk).get("/seals/ledger/").status_code == 403
    with pytest.raises(NotAllowed):
        export_ledger(actor=used.sending_clerk, unit=used.sender, wanted=Wanted())
    with pytest.raises(NotAllowed):
        export_ledger(actor=used.leader, unit=used.units["市卫生局"], wanted=Wanted())


def test_the_sheet_holds_what_was_asked_for_and_is_on_record(used: World) -> None:
    answer = used.browser(used.leader).get("/seals/ledger/sheet.xlsx", {"state": "done"})
    rows = list(load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    assert rows[0] == HEAD
    assert [row[2] for row in rows[1:]] == ["江府办〔2008〕50号"]
    assert Entry.objects.filter(verb="seals.export_ledger").exists()
