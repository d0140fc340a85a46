"""What happens to a unit's accounts and posts lies before the supervising office (备案, J-14)."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from openpyxl import load_workbook

from support.access import OTHER, SUPERVISING, Parties, parties
from support.world import World
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotAllowed
from yichuan.common.ids import new_id
from yichuan.common.transactions import command
from yichuan.org.filing_exports import safe
from yichuan.org.models import CentreRole, Filing
from yichuan.org.selectors.filings import filings
from yichuan.org.services.filing import file
from yichuan.org.services.note_filings import note_filings

MARCH = datetime(2026, 3, 2, 4, tzinfo=UTC)  # noon in Shanghai


@pytest.fixture
def centre(world: World) -> Parties:
    found = parties(world)
    Filing.objects.all().delete()
    return found


def filed(centre: Parties, what: str, unit: str | None = OTHER, at: datetime = MARCH) -> Filing:
    where = centre.world.units[unit] if unit else None
    with clock.fixed_at(at), command():
        return file(actor=centre.unit_admin, account=centre.world.clerk[OTHER], unit=where, what=what)


def test_they_are_narrowed_by_unit_by_days_and_by_what_is_new(centre: Parties) -> None:
    first = filed(centre, "开通账号")
    night = filed(centre, "任命", at=MARCH.replace(hour=15, minute=59))  # 23:59 of the same day
    after = filed(centre, "免去", SUPERVISING, MARCH.replace(hour=16))  # midnight: the next day
    day = MARCH.date()
    assert list(filings(since=day, until=day)) == [night, first]
    assert list(filings(unit=centre.world.units[SUPERVISING])) == [after]
    assert list(filings(since=day + timedelta(days=1))) == [after]
    note_filings(actor=centre.supervisor, filing_ids=[first.pk, after.pk])
    assert list(filings(new_only=True)) == [night]


def test_reading_is_noted_once_with_name_and_time(centre: Parties) -> None:
    one = filed(centre, "开通账号")
    assert note_filings(actor=centre.supervisor, filing_ids=[one.pk, one.pk, new_id()]) == 1
    one.refresh_from_db()
    noted = one.noted_at
    assert one.noted_by == centre.supervisor and noted is not None
    assert note_filings(actor=centre.supervisor, filing_ids=[one.pk]) == 0
    one.refresh_from_db()
    assert one.noted_at == noted


def test_only_the_supervising_office_sees_and_notes_them(centre: Parties) -> None:
    one = filed(centre, "开通账号")
    others = (centre.system_admin, centre.auditor, centre.security_officer, centre.unit_admin)
    for actor in others:
        with pytest.raises(NotAllowed):
            note_filings(actor=actor, filing_ids=[one.pk])
        for address in ("/filings/", "/filings/sheet/", "/filings/paper/"):
            assert centre.world.browser(actor).get(address).status_code == 403
    CentreRole.objects.filter(role=CentreRole.Role.SUPERVISING).update(unit=centre.unit)
    assert centre.world.browser(centre.supervisor).get("/filings/").status_code == 403


def test_nothing_ticked_or_too_much_is_refused(centre: Parties) -> None:
    for ids in ([], [new_id() for _ in range(501)]):
        with pytest.raises(Invalid):
            note_filings(actor=centre.supervisor, filing_ids=ids)


def test_the_page_lists_filters_and_notes(centre: Parties) -> None:
    one, other = filed(centre, "开通账号 abc"), filed(centre, "任命收文员", SUPERVISING)
    browser = centre.world.browser(centre.supervisor)
    page = browser.get("/filings/", {"unit": OTHER, "since": "2026-03-02", "until": "2026-03-02"}).content.decode()
    assert one.what in page and other.what not in page
    assert f'data-id="{one.pk}"' in page, "its tick ends with the row that can no longer be ticked"
    assert "没有名称含" in browser.get("/filings/", {"unit": "不存在"}).content.decode()
    for wrong in ("2026-02-30", "gestern"):
        assert "日期请写成" in browser.get("/filings/", {"since": wrong}).content.decode()
    answer = browser.post("/filings/note/?new=1", {"filing": [one.pk]})
    assert answer.headers["Location"] == "/filings/?new=1"
    assert one.what not in browser.get("/filings/?new=1").content.decode()
    assert browser.post("/filings/note/", {}).status_code == 422
    assert browser.post("/filings/note/", {"filing": ["x"]}).status_code == 404


def test_the_spreadsheet_holds_no_formula(centre: Parties) -> None:
    account = centre.world.clerk[OTHER]
    account.name = "=HYPERLINK"
    account.save()
    filed(centre, "+1")
    answer = centre.world.browser(centre.supervisor).get("/filings/sheet/")
    book = load_workbook(io.BytesIO(answer.content))
    head, line = list(book.active.iter_rows())
    assert [cell.value for cell in head][:3] == ["时间", "单位", "姓名"]
    assert all(cell.data_type == "s" for cell in line if cell.value)
    assert (line[0].value, line[2].value, line[4].value) == ("2026-03-02 12:00", "'=HYPERLINK", "'+1")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_what_a_spreadsheet_would_compute_is_text(start: str) -> None:
    assert safe(f"{start}x") == f"'{start}x"
    assert safe(f"x{start}") == f"x{start}"


def test_the_list_is_printed(centre: Parties) -> None:
    filed(centre, "开通账号")
    answer = centre.world.browser(centre.supervisor).get("/filings/paper/")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
