"""广东省党政内网政府系统个人用户数字证书申请表 (G-28): printed, signed, filed with the security officer.

The published text names the form without its columns; they are what the application itself asks for.
"""

from datetime import datetime

from django.utils import timezone

from yichuan.common import clock
from yichuan.people.models import CertificateApplication
from yichuan.people.ports import card_of
from yichuan.web.paper_form import Cell, PaperForm

TITLE = "党政内网政府系统个人用户数字证书申请表"
UNDERTAKING = (
    "本人承诺：严格按照数字证书管理规定使用数字证书，不转借他人，也不由他人代用，不在非党政内网的计算机上使用；"
    "证书载体和密码由本人保管，遗失或者可能泄露的，立即挂失；保密责任由本人承担。"
)


def application_form(application: CertificateApplication) -> bytes:
    """The form as PDF; not while locks are held."""
    account, card = application.account, card_of(application.account)
    devices = "、".join(f"{each.name}（{each.asset_number}）" for each in application.devices.all())
    outside = application.external
    certificate = f"{outside.subject_name}，由{outside.issuer_name}签发，序列号 {outside.serial:x}" if outside else ""
    form = PaperForm(
        title=TITLE,
        number=f"编号 {str(application.pk)[:8]}",
        footer=f"{timezone.localtime(clock.now()):%Y-%m-%d %H:%M} 打印",
    )
    form.table(
        [1, 2, 1, 2],
        [
            [Cell("姓名", label=True), Cell(account.name), Cell("账号", label=True), Cell(account.username)],
            [Cell("单位", label=True), Cell(card.unit), Cell("处室", label=True), Cell(card.office)],
            [Cell("职务", label=True), Cell(card.title), Cell("电话", label=True), Cell(card.phone or card.mobile)],
            [Cell("申请日期", label=True), Cell(_day(application.applied_at)), Cell("证书载体", label=True),
             Cell(application.carrier_label)],
            [Cell("申请用途", label=True), Cell(application.purpose, span=3)],
            [Cell("限用设备", label=True), Cell(devices or "不限", span=3)],
            *([[Cell("外部证书", label=True), Cell(certificate, span=3)]] if certificate else []),
        ],
    )  # fmt: skip
    form.note(UNDERTAKING)
    opinion = application.opinion or ("同意" if application.reviewed_at and application.state != "refused" else "")
    form.table(
        [1, 2, 1, 2],
        [
            [Cell("申请人签名", label=True, height_mm=18), Cell(), Cell("日期", label=True), Cell()],
            [Cell("单位意见（盖章）", label=True, height_mm=26), Cell(span=3)],
            [Cell("审核意见", label=True, height_mm=22), Cell(opinion, span=3)],
            [
                Cell("审核人签名", label=True, height_mm=18),
                Cell(application.reviewed_by.name if application.reviewed_by else ""),
                Cell("审核日期", label=True),
                Cell(_day(application.reviewed_at)),
            ],
            [Cell("领取人签名", label=True, height_mm=18), Cell(), Cell("领取日期", label=True), Cell()],
        ],
    )
    return form.pdf()


def _day(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y年%-m月%-d日}" if at else ""
