"""Applying to join without an account: bounded, and open afterwards only to who knows the code (J-8)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from support.changes import PDF, PNG, Parties
from support.world import PASSWORD
from yichuan.audit.models import Entry
from yichuan.changes.content import dump
from yichuan.changes.models import Application
from yichuan.changes.services import join as service
from yichuan.changes.services.accept import accept
from yichuan.changes.services.approve import approve
from yichuan.changes.services.carry_out import carry_out
from yichuan.changes.services.hand_over import hand_over
from yichuan.changes.services.join import FAILURES_ALLOWED, LOCKED_FOR, MOST_BYTES, MOST_OF_AN_ADDRESS, find_by_code
from yichuan.changes.services.send_back import send_back
from yichuan.common import clock, profile
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.transactions import command
from yichuan.org.duties import Duty
from yichuan.org.models import AccessChange
from yichuan.people.services.reset_password import reset_password


def _given(parties: Parties, **changed: object) -> dict[str, Any]:
    """What the page sends: the fields as text, the papers as files."""
    fields = {name: value for name, value in dump(parties.content("join", **changed)).items() if value}
    files = {role: SimpleUploadedFile(f"{role}.pdf", PDF + role.encode()) for role in ("letter", "proof")}
    return fields | files


def _applied(parties: Parties, **changed: object) -> tuple[Client, str, str]:
    """A visitor who has applied: browser, number, code."""
    browser = Client()
    answer = browser.post("/applications/join/", _given(parties, **changed))
    assert answer.status_code == 200, answer.content.decode()
    page = answer.content.decode()
    code = page.split("data-code>")[1].split("<")[0]
    return browser, Application.objects.latest("created_at").number or "", code


def _open(browser: Client, number: str, code: str) -> int:
    return browser.post("/applications/query/", {"number": number, "code": code}).status_code


def test_a_visitor_applies_and_the_code_is_kept_nowhere(parties: Parties) -> None:
    _, number, code = _applied(parties)
    application = Application.objects.get()
    assert (application.state, application.source, application.number) == ("submitted", "public", number)
    assert application.attachments.count() == 2
    assert code.replace("-", "") not in str(list(Application.objects.values())) + str(list(Entry.objects.values()))


def test_number_and_code_open_it_and_nothing_else_does(parties: Parties) -> None:
    _, number, code = _applied(parties)
    stranger = Client()
    assert stranger.get("/applications/mine/").headers["Location"] == "/applications/query/"
    assert _open(stranger, number, "2222-2222-2222-2222") == 422
    assert stranger.get("/applications/mine/").status_code == 302
    assert _open(stranger, f" {number.lower()} ", code.lower().replace("-", " ")) == 302
    page = stranger.get("/applications/mine/").content.decode()
    assert "江门市水利局" in page and number in page
    assert "主管单位" not in page.split("<main")[1].split("办理")[0]


def test_the_code_opens_it_for_half_an_hour(parties: Parties) -> None:
    browser, number, code = _applied(parties)
    _open(browser, number, code)
    with clock.fixed_at(clock.now() + timedelta(minutes=31)):
        assert browser.get("/applications/mine/").status_code == 302


def test_who_comes_next_to_the_computer_needs_the_code_again(parties: Parties) -> None:
    browser, number, code = _applied(parties)
    _open(browser, number, code)
    assert browser.post("/applications/mine/close/").headers["Location"] == "/applications/query/"
    assert browser.get("/applications/mine/").status_code == 302


def test_guessing_is_counted_and_locks_the_application(parties: Parties) -> None:
    application, code = parties.joined()
    number = application.number or ""
    for _ in range(FAILURES_ALLOWED):
        with pytest.raises(NotFound):
            find_by_code(number=number, code="2222-2222-2222-2222")
    with pytest.raises(Refused, match="30 分钟"):
        find_by_code(number=number, code=code)
    with clock.fixed_at(clock.now() + LOCKED_FOR + timedelta(seconds=1)):
        assert find_by_code(number=number, code=code).application_id == application.pk


def test_a_stranger_who_tries_number_after_number_is_slowed_before_all_are_locked(parties: Parties) -> None:
    _, number, code = _applied(parties)
    stranger = Client(REMOTE_ADDR="10.1.7.7")
    for tried in range(profile.current().passwords.failures_per_address):
        _open(stranger, f"SQ2026-{9000 + tried}", "2222")
    for _ in range(FAILURES_ALLOWED):
        assert (
            "输错次数太多" in stranger.post("/applications/query/", {"number": number, "code": "2222"}).content.decode()
        )
    assert _open(Client(REMOTE_ADDR="10.1.7.8"), number, code) == 302, "the applicant, from elsewhere"


def test_an_unknown_number_and_a_wrong_code_look_alike(parties: Parties) -> None:
    application, code = parties.joined()
    said = set()
    for number, given in ((application.number, "2222"), ("SQ2026-9999", code)):
        with pytest.raises(NotFound) as refusal:
            find_by_code(number=number or "", code=given)
        said.add(refusal.value.message)
    assert len(said) == 1


def test_the_code_of_one_application_opens_no_other_and_no_units_own(parties: Parties) -> None:
    _, code = parties.joined()
    units = parties.submitted("rename")
    with pytest.raises(NotFound):
        find_by_code(number=units.number or "", code=code)


def test_an_address_applies_only_so_often_a_day(parties: Parties) -> None:
    for number in range(MOST_OF_AN_ADDRESS):
        parties.joined(name=f"江门市第{number}局", short_name=f"第{number}局")
    with pytest.raises(Refused, match="请明天再来"):
        parties.joined()
    with clock.fixed_at(clock.now() + timedelta(days=1, seconds=1)):
        parties.joined()


def test_the_page_says_so_where_too_many_wait(parties: Parties, monkeypatch: pytest.MonkeyPatch) -> None:
    parties.joined()
    monkeypatch.setattr(service, "MOST_WAITING", 1)
    answer = Client(REMOTE_ADDR="10.9.9.9").get("/applications/join/")
    assert answer.status_code == 409
    assert "暂时不能网上申请" in answer.content.decode()


@pytest.mark.parametrize("missing", ["letter", "proof"])
def test_a_paper_that_lacks_is_named(parties: Parties, missing: str) -> None:
    given = _given(parties)
    del given[missing]
    answer = Client().post("/applications/join/", given)
    assert answer.status_code == 422
    said = {"letter": "还缺申请函", "proof": "单位成立的编办批文"}[missing]
    beside = answer.content.decode().split(f'id="{missing}-error"')[1]
    assert said in beside.split("</span>")[0]
    assert not Application.objects.exists()


def test_an_approved_company_is_asked_for_its_own_papers(parties: Parties) -> None:
    given = _given(parties, unit_kind="approved")
    del given["proof"]
    assert "批准参加公文交换的文件" in Client().post("/applications/join/", given).content.decode()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("letter.pdf", b"MZ\x90\x00 a program"),
        ("letter.pdf", PNG),
        ("letter.docx", b"PK\x03\x04 something"),
        ("letter.ofd", b"PK\x03\x04 no OFD inside"),
        ("letter.pdf", b""),
        ("函\u202efdp.exe.pdf", PDF),
    ],
)
def test_a_file_that_is_not_what_is_taken_is_refused(parties: Parties, name: str, data: bytes) -> None:
    from yichuan.changes.services.papers import Paper, checked

    with pytest.raises(Invalid):
        checked(Paper("letter", name, data))


def test_files_of_a_visitor_are_bounded_before_they_are_read(parties: Parties) -> None:
    content_type = "multipart/form-data; boundary=b"
    for address, length in (("/applications/join/", 35 * 2**20), ("/applications/query/", 9 * 2**20)):
        answer = Client().generic("POST", address, b"x", content_type=content_type, CONTENT_LENGTH=str(length))
        assert answer.status_code == 413, address
    large = SimpleUploadedFile("letter.pdf", PDF + b" " * MOST_BYTES)
    answer = Client().post("/applications/join/", _given(parties) | {"letter": large})
    assert answer.status_code == 422
    assert "每个文件不超过 8 MB" in answer.content.decode()


def test_it_is_sent_back_corrected_and_sent_again_under_its_number(parties: Parties) -> None:
    browser, number, code = _applied(parties)
    application = Application.objects.get()
    send_back(actor=parties.operator, application_id=application.pk, words="简称请改为市水务局")
    _open(browser, number, code)
    assert "简称请改为市水务局" in browser.get("/applications/mine/").content.decode()
    fields = {name: value for name, value in _given(parties, short_name="市水务局").items() if isinstance(value, str)}
    assert browser.post("/applications/mine/edit/", fields | {"admin_established": "on"}).status_code == 302
    paper = SimpleUploadedFile("补充.png", PNG)
    assert browser.post("/applications/mine/papers/", {"role": "other", "file": paper}).status_code == 302
    assert browser.post("/applications/mine/submit/", {}).status_code == 302
    application.refresh_from_db()
    assert (application.state, application.number) == ("submitted", number)
    assert application.content["short_name"] == "市水务局" and application.attachments.count() == 3


def test_the_holder_of_the_code_decides_nothing(parties: Parties) -> None:
    browser, number, code = _applied(parties)
    _open(browser, number, code)
    application = Application.objects.get()
    for verb in ("accept", "approve", "carry-out", "refuse"):
        answer = browser.post(f"/applications/{application.pk}/{verb}/", {"words": "同意"})
        assert answer.status_code == 302 and answer.headers["Location"].startswith("/login/")
    application.refresh_from_db()
    assert application.state == "submitted"


def test_the_holder_withdraws_and_reads_the_papers_and_the_form(parties: Parties) -> None:
    browser, number, code = _applied(parties)
    _open(browser, number, code)
    letter = Application.objects.get().attachments.get(role="letter")
    assert browser.get(f"/applications/mine/papers/{letter.pk}/").content == PDF + b"letter"
    assert browser.get("/applications/mine/form.pdf").content.startswith(b"%PDF")
    assert browser.post("/applications/mine/withdraw/", {}).status_code == 302
    assert Application.objects.get().state == "withdrawn"


def test_from_the_application_to_the_first_login(parties: Parties) -> None:
    application, _ = parties.joined()
    accept(actor=parties.operator, application_id=application.pk, words="齐全")
    approve(actor=parties.supervisor, application_id=application.pk, words="同意")
    carry_out(actor=parties.operator, application_id=application.pk)
    account, password = hand_over(actor=parties.operator, application_id=application.pk, taker="王小明")
    browser = Client()
    answer = browser.post("/login/", {"username": account.username, "password": password})
    assert answer.status_code == 302
    assert browser.get("/").headers["Location"] == "/password/"
    assert password not in str(list(Entry.objects.values())) + str(list(application.steps.values()))
    auditor = parties.world.holder(Duty.AUDITOR)
    assert AccessChange.objects.filter(account=account, state="waiting").exists() and auditor.pk != account.pk


def test_the_first_password_is_handed_over_anew_only_until_it_was_used(parties: Parties) -> None:
    application, _ = parties.joined()
    accept(actor=parties.operator, application_id=application.pk, words="齐全")
    approve(actor=parties.supervisor, application_id=application.pk, words="同意")
    carry_out(actor=parties.operator, application_id=application.pk)
    account, first = hand_over(actor=parties.operator, application_id=application.pk, taker="王小明")
    account, second = hand_over(actor=parties.operator, application_id=application.pk, taker="王小明")
    assert not account.check_password(first) and account.check_password(second)
    Client().post("/login/", {"username": account.username, "password": second})
    with command():
        reset_password(actor=None, account=account)
    with pytest.raises(Refused, match="不能再交付"):
        hand_over(actor=parties.operator, application_id=application.pk, taker="王小明")
    assert application.steps.filter(verb="hand_over").count() == 2
    assert PASSWORD not in (first, second)


def test_only_the_operator_hands_over_the_password(parties: Parties) -> None:
    application = parties.approved("join")
    carry_out(actor=parties.operator, application_id=application.pk)
    for person in (parties.supervisor, parties.admin["市环保局"]):
        with pytest.raises(Refused):
            hand_over(actor=person, application_id=application.pk, taker="王小明")
