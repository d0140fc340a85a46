"""The pages of applications for seals and of a seal: what each party is shown, and the way through them by forms."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from support.seal_life import PDF, Life
from support.world import blob_path
from yichuan.common import clock
from yichuan.seals.models import LossReport, SealApplication, SealRules
from yichuan.seals.services.report_loss import report_loss


def _page(browser: Client, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def _said(life: Life, **changed: object) -> dict[str, object]:
    """The form of a new seal as the browser sends it: hidden parts go up as well."""
    said: dict[str, object] = {
        "imprint": str(life.imprint().pk),
        "carrier": "file",
        "keeper": str(life.custodian.pk),
        "password_keeper": str(life.second.pk),
        "quorum": "2",
        "opening_kind": "document",
        "opening_limit": "1",
        "verification_holder": str(life.clerk.pk),
        "attendant": str(life.custodian.pk),
        "words": "新领印章",
    }
    return said | changed


def test_from_the_form_to_the_head_and_on(life: Life) -> None:
    browser = life.world.browser(life.custodian)
    answer = browser.post("/seals/applications/new/make/", _said(life))
    application = SealApplication.objects.get()
    address = f"/seals/applications/{application.pk}/"
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert [each["role"] for each in application.custodians] == ["carrier", "password"]
    page = _page(browser, address)
    assert "送负责人签字" in page and "印模预览" in page and life.second.name in page
    assert browser.post(f"{address}propose/").status_code == 302
    leader = life.world.browser(life.leader)
    assert "用密钥文件签字" in _page(leader, address)
    assert "印章申请" in _page(leader, "/seals/applications/")
    life.sign(application)
    over = life.world.browser(life.supervisor)
    assert "批准，交承办单位" in _page(over, address) and "用密钥文件签字" not in _page(over, address)
    refused = over.post(f"{address}approve/", {"words": ""})
    assert refused.status_code == 422 and "请写审批意见" in refused.content.decode()
    assert over.post(f"{address}approve/", {"words": "同意"}).status_code == 302
    makes = life.world.browser(life.operator)
    assert f"/seals/ceremonies/open/{application.pk}/" in _page(makes, address)
    assert makes.post(f"{address}send-back/", {"words": "印模不清"}).status_code == 302
    assert "印模不清" in _page(browser, address)


def test_errors_stand_beside_the_fields(life: Life) -> None:
    browser = life.world.browser(life.custodian)
    answer = browser.post("/seals/applications/new/make/", _said(life, keeper="", verification_holder=""))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请选择保管人" in page and 'href="#id_keeper"' in page and 'href="#id_verification_holder"' in page
    device = browser.post("/seals/applications/new/make/", _said(life, carrier="device")).content.decode()
    assert 'href="#id_custodians"' in device
    assert not SealApplication.objects.exists()
    assert browser.get("/seals/applications/new/steal/").status_code == 404


def test_the_form_comes_back_with_what_was_kept(life: Life) -> None:
    browser = life.world.browser(life.custodian)
    both = [str(life.custodian.pk), str(life.second.pk)]
    said = _said(life, carrier="device", custodians=both, opening_kind="count", opening_limit="20")
    browser.post("/seals/applications/new/make/", said)
    application = SealApplication.objects.get()
    page = _page(browser, f"/seals/applications/{application.pk}/edit/")
    assert page.count("checked") == 3 and 'value="20"' in page
    answer = browser.post(f"/seals/applications/{application.pk}/edit/", said | {"words": "改过"})
    assert answer.status_code == 302
    application.refresh_from_db()
    assert (application.words, application.quorum, application.opening_limit) == ("改过", 2, 20)


def test_papers_go_up_come_back_and_go_away(life: Life) -> None:
    application = life.draft()
    browser, address = life.world.browser(life.custodian), f"/seals/applications/{application.pk}/"
    sound = {"role": "certificate", "file": SimpleUploadedFile("证明.pdf", PDF)}
    assert browser.post(f"{address}papers/", sound).status_code == 302
    wrong = browser.post(
        f"{address}papers/", {"role": "certificate", "file": SimpleUploadedFile("证明.pdf", b"MZ\x90")}
    )
    assert wrong.status_code == 422 and "没有保存" in wrong.content.decode()
    again = browser.post(f"{address}papers/", {"role": "certificate", "file": SimpleUploadedFile("又.pdf", PDF)})
    assert "已经添加过" in again.content.decode()
    assert "请先选择文件" in browser.post(f"{address}papers/", {"role": "other"}).content.decode()
    paper = application.papers.get()
    shown = browser.get(f"{address}papers/{paper.pk}/")
    assert (shown.content, shown["Content-Type"]) == (PDF, "application/pdf")
    assert PDF not in blob_path(paper.blob).read_bytes()
    assert life.world.browser(life.world.leader).get(f"{address}papers/{paper.pk}/").status_code == 404
    assert browser.post(f"{address}papers/{paper.pk}/remove/").status_code == 302
    assert not application.papers.exists()


def test_the_printed_form_is_a_pdf_at_every_step(life: Life) -> None:
    browser = life.world.browser(life.custodian)
    for application in (life.draft(), life.approved(papers=("other",))):
        answer = browser.get(f"/seals/applications/{application.pk}/form.pdf")
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF") and len(answer.content) > 10_000


def test_a_seals_page_shows_what_may_be_done_now(life: Life) -> None:
    seal = life.seal()
    address = f"/seals/one/{seal.pk}/"
    browser = life.world.browser(life.custodian)
    page = _page(browser, address)
    assert "报告损坏、遗失" in page and "申请变更" in page and "恢复使用" not in page and "还没有备案" in page
    assert browser.get(f"{address}imprint.svg")["Content-Type"].startswith("image/svg+xml")
    answer = browser.post(f"/seals/reports/{seal.pk}/", {"cause": "loss", "lost_at": "2008-13-01", "words": ""})
    assert answer.status_code == 422 and "时间写成" in answer.content.decode()
    now = clock.now()
    report_loss(actor=life.custodian, seal_id=seal.pk, cause="loss", lost_at=now, words="找不到了")
    SealRules.objects.create(unit=life.unit, title="办法", text="全文", filed_by=life.custodian, filed_at=now)
    page = _page(browser, address)
    assert "暂停使用（遗失）" in page and "找不到了" in page and "恢复使用" not in page
    over = life.world.browser(life.supervisor)
    assert "恢复使用" in _page(over, address) and "申请变更" not in _page(over, address)
    refused = over.post(f"/seals/reports/{seal.pk}/resume/", {"words": ""})
    assert refused.status_code == 422 and "请写明在哪里找到" in refused.content.decode()
    assert over.post(f"/seals/reports/{seal.pk}/resume/", {"words": "找到"}).status_code == 302
    assert _page(life.world.browser(life.operator), address)
    assert life.world.browser(life.world.leader).get(address).status_code == 404
    assert life.world.browser(life.clerk).get(address).status_code == 403


def test_a_report_goes_in_by_the_form(life: Life) -> None:
    seal = life.seal()
    with clock.fixed_at(seal.issued_at + timedelta(hours=2)):
        lost_at = timezone.localtime(clock.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
        said = {"cause": "damage", "lost_at": lost_at, "words": "USB Key 折断"}
        answer = life.world.browser(life.leader).post(f"/seals/reports/{seal.pk}/", said)
    assert (answer.status_code, answer["Location"]) == (302, f"/seals/one/{seal.pk}/")
    report = LossReport.objects.get(seal=seal)
    assert timezone.localtime(report.lost_at).strftime("%Y-%m-%dT%H:%M") == lost_at
    makes = life.world.browser(life.operator)
    assert "登记收缴损坏的印章" in _page(makes, f"/seals/one/{seal.pk}/")
    assert makes.post(f"/seals/reports/{seal.pk}/take-in/", {"words": "李印交来"}).status_code == 302
    assert "李印交来" in _page(makes, f"/seals/one/{seal.pk}/")
