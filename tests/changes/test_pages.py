"""The pages of applications: each party sees what is its own, and the forms say what is wrong."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from support.changes import PDF, PNG, Parties
from support.seals import small_ofd
from support.world import World
from yichuan.audit.models import Entry
from yichuan.changes.content import dump
from yichuan.changes.models import Application
from yichuan.org.duties import Duty


def _text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def _fields(parties: Parties, kind: str, **changed: object) -> dict[str, Any]:
    """What the form of a kind sends: units by their short names."""
    names = {str(unit.pk): unit.short_name for unit in parties.world.units.values()}
    given: dict[str, Any] = {}
    for name, value in dump(parties.content(kind, **changed)).items():
        if name in ("merged", "survivor", "to"):
            value = "\n".join(names[each] for each in ([value] if isinstance(value, str) else value) if each)
        if value not in ("", None, False, []):
            given[name] = "on" if value is True else value
    return given


@pytest.mark.parametrize("kind", ["rename", "deregister", "merge_into", "merge_new", "add_name", "drop_name"])
def test_every_kind_is_written_on_its_own_form_and_comes_back_as_it_was(parties: Parties, kind: str) -> None:
    admin = parties.world.browser(parties.admin["市环保局"])
    given = _fields(parties, kind)
    answer = admin.post(f"/applications/new/{kind}/", given)
    assert answer.status_code == 302, answer.content.decode()
    draft = Application.objects.get()
    assert draft.content == dump(parties.content(kind)) | {
        k: draft.content[k] for k in ("dropped",) if kind == "drop_name"
    }
    assert admin.post(f"/applications/{draft.pk}/edit/", given | {"reason": "改过的事由"}).status_code == 302
    draft.refresh_from_db()
    assert draft.content["reason"] == "改过的事由"
    assert "改过的事由" in _text(admin, f"/applications/{draft.pk}/")
    assert _text(admin, f"/applications/{draft.pk}/edit/").count("改过的事由") == 1


def test_while_one_types_a_unit_the_server_offers_what_matches(parties: Parties) -> None:
    admin = parties.world.browser(parties.admin["市环保局"])
    for kind, name in (("deregister", "to"), ("merge_into", "survivor")):
        assert 'hx-get="/applications/units/"' in _text(admin, f"/applications/new/{kind}/")
        for typed in ("市建设", "sjsj"):
            offered = _text(admin, f"/applications/units/?{name}={typed}")
            assert 'value="市建设局"' in offered and "市卫生局" not in offered
    assert "<option" not in _text(admin, "/applications/units/?to=没有的局")
    paper = _text(parties.world.browser(parties.operator), "/applications/paper/")
    assert 'hx-get="/applications/units/"' in paper and '<datalist id="units">' in paper


def test_an_empty_form_names_every_field_at_once(parties: Parties) -> None:
    admin = parties.world.browser(parties.admin["市环保局"])
    answer = admin.post("/applications/new/rename/", {})
    page = answer.content.decode()
    assert answer.status_code == 422
    for label in ("单位全称", "单位简称", "系统管理员", "办公电话", "申请事由", "单位负责人", "联系人"):
        assert f"请填写{label}。" in page


def test_a_unit_that_is_not_in_the_contact_book_is_named(parties: Parties) -> None:
    admin = parties.world.browser(parties.admin["市环保局"])
    page = admin.post("/applications/new/deregister/", _fields(parties, "deregister") | {"to": "市无此局"})
    assert "通讯录里没有「市无此局」" in page.content.decode()


def test_each_party_finds_what_waits_for_it(parties: Parties) -> None:
    waiting, accepted = parties.submitted("add_name"), parties.accepted("rename")
    draft = parties.draft("deregister", papers=False)
    lists = {
        person: {each for each in (waiting, accepted, draft) if str(each.pk) in page}
        for person, page in (
            (name, _text(parties.world.browser(account), "/applications/"))
            for name, account in (
                ("operator", parties.operator),
                ("supervisor", parties.supervisor),
                ("admin", parties.admin["市环保局"]),
                ("other", parties.admin["市卫生局"]),
            )
        )
    }
    assert lists == {"operator": {waiting}, "supervisor": {accepted}, "admin": {draft}, "other": set()}


def test_a_draft_is_seen_by_nobody_else(parties: Parties) -> None:
    draft = parties.draft("rename")
    for person in (parties.operator, parties.supervisor, parties.admin["市卫生局"]):
        browser = parties.world.browser(person)
        assert str(draft.pk) not in _text(browser, "/applications/?tab=all")
        assert browser.get(f"/applications/{draft.pk}/").status_code == 404


def test_another_units_administrator_finds_none_of_it(parties: Parties) -> None:
    application = parties.submitted("rename")
    paper = application.attachments.get(role="letter")
    stranger = parties.world.browser(parties.admin["市卫生局"])
    for address in ("", f"papers/{paper.pk}/", "form.pdf"):
        assert stranger.get(f"/applications/{application.pk}/{address}").status_code == 404
    for verb in ("submit", "withdraw", "edit", "papers", f"papers/{paper.pk}/remove"):
        assert stranger.post(f"/applications/{application.pk}/{verb}/", {"words": "x"}).status_code == 404, verb


def test_a_unit_that_is_to_be_merged_reads_the_application_and_changes_nothing(parties: Parties) -> None:
    application = parties.submitted("merge_into")
    browser = parties.world.browser(parties.admin["市建设局"])
    page = _text(browser, f"/applications/{application.pk}/")
    assert "撤回申请" not in page and "修改" not in page.split("<main")[1]
    assert browser.post(f"/applications/{application.pk}/withdraw/").status_code == 403


def test_the_three_administrators_and_clerks_find_no_applications(world: World, parties: Parties) -> None:
    application = parties.submitted("rename")
    people = [world.holder(duty) for duty in (Duty.SYSTEM_ADMIN, Duty.SECURITY_OFFICER, Duty.AUDITOR)]
    for person in (*people, world.clerk["市环保局"]):
        browser = world.browser(person)
        for address in ("", f"{application.pk}/", "new/", "paper/"):
            assert browser.get(f"/applications/{address}").status_code == 403, (person.username, address)


def test_a_refusal_stands_on_the_page_and_the_words_stay(parties: Parties) -> None:
    application = parties.submitted("rename")
    browser = parties.world.browser(parties.operator)
    answer = browser.post(f"/applications/{application.pk}/accept/", {"words": ""})
    assert answer.status_code == 422
    assert "请写核对的意见" in answer.content.decode()
    long = "长" * 401
    assert long in browser.post(f"/applications/{application.pk}/accept/", {"words": long}).content.decode()


def test_the_operator_writes_down_a_paper_letter(parties: Parties) -> None:
    browser = parties.world.browser(parties.operator)
    answer = browser.post("/applications/paper/", {"kind": "rename", "unit": "市卫生局"})
    assert answer.status_code == 302
    made = browser.post(answer.headers["Location"], _fields(parties, "rename"))
    application = Application.objects.get()
    assert made.status_code == 302
    assert (application.source, application.unit, application.state) == (
        "paper", parties.world.units["市卫生局"], "draft",
    )  # fmt: skip
    for role in ("letter", "proof"):
        paper = SimpleUploadedFile(f"{role}.pdf", PDF)
        assert browser.post(f"/applications/{application.pk}/papers/", {"role": role, "file": paper}).status_code == 302
    assert browser.post(f"/applications/{application.pk}/submit/").status_code == 302
    assert browser.post(f"/applications/{application.pk}/accept/", {"words": "来函属实"}).status_code == 302
    application.refresh_from_db()
    assert application.state == "accepted"


@pytest.mark.parametrize("given", [{"kind": "rename", "unit": ""}, {"kind": "join", "unit": "市卫生局"}])
def test_a_paper_letter_needs_its_unit_and_joining_has_none(parties: Parties, given: dict[str, str]) -> None:
    answer = parties.world.browser(parties.operator).post("/applications/paper/", given)
    assert answer.status_code == 422
    assert "加入申请不用选单位" in answer.content.decode()


def test_reading_a_paper_is_recorded_once_an_hour(parties: Parties) -> None:
    application = parties.submitted("rename")
    paper = application.attachments.get(role="letter")
    browser = parties.world.browser(parties.operator)
    for query in ("", "?download"):
        answer = browser.get(f"/applications/{application.pk}/papers/{paper.pk}/{query}")
        assert answer.content == PDF + b"letter"
        assert ("attachment" in answer.headers["Content-Disposition"]) == bool(query)
        assert answer.headers["Cache-Control"] == "no-store, private"
    assert Entry.objects.filter(verb="changes.look", subject_id=application.pk).count() == 1


def test_papers_are_added_and_left_out_while_it_is_a_draft_only(parties: Parties) -> None:
    draft = parties.draft("rename", papers=False)
    browser = parties.world.browser(parties.admin["市环保局"])
    address = f"/applications/{draft.pk}/papers/"
    assert "还缺申请函" in browser.post(f"/applications/{draft.pk}/submit/").content.decode()
    browser.post(address, {"role": "letter", "file": SimpleUploadedFile("函.png", PNG)})
    twice = browser.post(address, {"role": "letter", "file": SimpleUploadedFile("函.png", PNG)})
    assert "已经添加过" in twice.content.decode()
    letter = draft.attachments.get()
    assert browser.post(f"{address}{letter.pk}/remove/").status_code == 302
    assert not draft.attachments.exists()
    browser.post(address, {"role": "letter", "file": SimpleUploadedFile("函.png", PNG)})
    assert browser.post(f"/applications/{draft.pk}/submit/").status_code == 302
    letter = draft.attachments.get()
    assert browser.post(f"{address}{letter.pk}/remove/").status_code == 409
    assert draft.attachments.exists()


def test_empty_lists_say_what_will_stand_there(parties: Parties) -> None:
    browser = parties.world.browser(parties.operator)
    assert "没有等你办理的申请" in _text(browser, "/applications/")
    assert "没有找到这样的申请" in _text(browser, "/applications/?tab=all&search=SQ1999")
    assert "这里还没有申请" in _text(browser, "/applications/?tab=ended")


def test_the_password_slip_is_a_file_and_only_the_operator_is_offered_it(parties: Parties) -> None:
    application = parties.approved("join")
    browser = parties.world.browser(parties.operator)
    assert "通讯录增加「江门市水利局」" in _text(browser, f"/applications/{application.pk}/foresee/")
    assert browser.post(f"/applications/{application.pk}/carry-out/").status_code == 302
    assert "交付初始密码" in _text(browser, f"/applications/{application.pk}/")
    office = parties.world.browser(parties.supervisor)
    assert "生成并打印通知单" not in _text(office, f"/applications/{application.pk}/")
    missing = browser.post(f"/applications/{application.pk}/password/", {"taker": " "})
    assert missing.status_code == 422 and "领取人的姓名" in missing.content.decode()
    slip = browser.post(f"/applications/{application.pk}/password/", {"taker": "王小明"})
    assert slip.content.startswith(b"%PDF") and slip.headers["Cache-Control"] == "no-store, private"


def test_a_second_press_of_carry_out_says_that_it_is_done(parties: Parties) -> None:
    application = parties.approved("add_name")
    browser = parties.world.browser(parties.operator)
    assert browser.post(f"/applications/{application.pk}/carry-out/").status_code == 302
    again = browser.post(f"/applications/{application.pk}/carry-out/")
    assert again.status_code == 409 and "这份申请现在是「已办结」" in again.content.decode()


def test_a_paper_in_ofd_is_drawn_page_by_page(parties: Parties) -> None:
    application = parties.submitted("rename")
    Application.objects.filter(pk=application.pk).update(state="draft")
    admin = parties.world.browser(parties.admin["市环保局"])
    paper = SimpleUploadedFile("来函.ofd", small_ofd(2, marker="请予更名"))
    admin.post(f"/applications/{application.pk}/papers/", {"role": "other", "file": paper})
    kept = application.attachments.get(role="other")
    address = f"/applications/{application.pk}/papers/{kept.pk}/pages/"
    assert address in _text(admin, f"/applications/{application.pk}/")
    assert _text(admin, address).count("data-src") == 2
    assert admin.get(f"{address}2.svg").headers["Content-Type"].startswith("image/svg+xml")
    assert admin.get(f"{address}3.svg").status_code == 404
    letter = application.attachments.get(role="letter")
    assert admin.get(f"/applications/{application.pk}/papers/{letter.pk}/pages/").status_code == 404
    stranger = parties.world.browser(parties.admin["市卫生局"])
    assert stranger.get(address).status_code == stranger.get(f"{address}1.svg").status_code == 404
