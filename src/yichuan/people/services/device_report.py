"""The report to the leader on a check or a sealing-off (G-39): the facts, and room for the leader's decision."""

from datetime import datetime

from django.utils import timezone

from yichuan.common import clock
from yichuan.people.models import Device, SealingOff, SpotCheck
from yichuan.people.services.spot_check import ITEMS
from yichuan.web.paper_form import Cell, PaperForm


def check_report(check: SpotCheck, unit_name: str) -> bytes:
    """抽查情况报告 as PDF. Not while locks are held."""
    form = _begun("设备抽查情况报告", check.device, unit_name)
    form.heading("抽查情况")
    rows = [[Cell(label), Cell("符合" if check.items.get(name) else "不符合")] for name, label in ITEMS.items()]
    form.table([4, 1], [[Cell("检查项目", label=True), Cell("结果", label=True)], *rows])
    form.table(
        [1, 2, 1, 2],
        [
            [Cell("抽查人", label=True), Cell(check.by.name), Cell("抽查时间", label=True), Cell(_at(check.at))],
            [Cell("检查情况", label=True), Cell(check.findings or "没有发现问题。", span=3)],
        ],
    )
    return _ended(form)


def sealing_report(sealing: SealingOff, unit_name: str) -> bytes:
    """设备封存报告 as PDF. Not while locks are held."""
    form = _begun("设备封存情况报告", sealing.device, unit_name)
    form.heading("封存情况")
    user = "已同时停用" if sealing.suspended_user else "没有停用"
    rows = [
        [Cell("封存人", label=True), Cell(sealing.by.name), Cell("封存时间", label=True), Cell(_at(sealing.at))],
        [Cell("封存原因", label=True), Cell(sealing.reason, span=3)],
        [
            Cell("当时的登录", label=True),
            Cell(f"结束 {sealing.sessions_ended} 处"),
            Cell("使用人账号", label=True),
            Cell(user),
        ],
    ]
    if sealing.ended_at and sealing.ended_by:
        opened = f"{_at(sealing.ended_at)}，{sealing.ended_by.name}：{sealing.end_reason}"
        rows.append([Cell("解封", label=True), Cell(opened, span=3)])
    form.table([1, 2, 1, 2], rows)
    latest = sealing.device.checks.filter(at__lte=sealing.at).order_by("-at").select_related("by").first()
    if latest is not None:
        faults = [f"不符合「{label}」" for name, label in ITEMS.items() if not latest.items.get(name)]
        found = f"{_at(latest.at)} {latest.by.name}抽查，{'，'.join(faults) or '各项符合'}。{latest.findings}"
        form.table([1, 5], [[Cell("最近抽查", label=True), Cell(found)]])
    return _ended(form)


def _begun(title: str, device: Device, unit_name: str) -> PaperForm:
    form = PaperForm(title=title, footer=f"{_at(clock.now())} 打印")
    form.heading("设备")
    form.table(
        [1, 2, 1, 2],
        [
            [Cell("使用单位", label=True), Cell(unit_name), Cell("使用人", label=True), Cell(device.user.name)],
            [
                Cell("设备名称", label=True),
                Cell(device.name),
                Cell("类型", label=True),
                Cell(Device.Kind(device.kind).label),
            ],
            [
                Cell("资产编号", label=True),
                Cell(device.asset_number),
                Cell("放置地点", label=True),
                Cell(device.place),
            ],
        ],
    )
    return form


def _ended(form: PaperForm) -> bytes:
    form.table(
        [1, 5],
        [
            [Cell("处理建议", label=True, height_mm=24), Cell()],
            [Cell("领导批示", label=True, height_mm=30), Cell()],
            [Cell("处理结果", label=True, height_mm=20), Cell()],
        ],
    )
    return form.pdf()


def _at(instant: datetime) -> str:
    return f"{timezone.localtime(instant):%Y-%m-%d %H:%M}"
