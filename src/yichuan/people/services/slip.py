"""The slip on which a first password is handed over (P1, J-14): printed, folded, sealed, given to one person."""

from django.conf import settings
from django.utils import timezone

from yichuan.common import clock, profile
from yichuan.common.models import Centre
from yichuan.people.models import Account
from yichuan.web.paper_form import Cell, PaperForm


def first_password_slip(account: Account, password: str) -> bytes:
    """The slip as PDF. The password stands on it and nowhere else; not while locks are held."""
    centre = Centre.objects.first()
    until = timezone.localtime(account.password_set_at + profile.current().passwords.first_lasts)
    form = PaperForm(
        title="初始密码通知单", footer=f"{timezone.localtime(clock.now()):%Y-%m-%d %H:%M} 打印，只打印一次"
    )
    form.table(
        [1, 2],
        [
            [Cell("姓名", label=True), Cell(account.name)],
            [Cell("账号", label=True), Cell(account.username)],
            [Cell("登录地址", label=True), Cell(settings.YICHUAN_ORIGIN)],
            [Cell("交换中心", label=True), Cell(centre.name if centre else "")],
            [Cell("有效期至", label=True), Cell(f"{until:%Y年%-m月%-d日 %H:%M}")],
        ],
    )
    form.heading("怎么用")
    form.note("一、打开登录地址，用上面的账号和下面的初始密码登录。")
    form.note("二、登录后页面会要求换成自己的密码，换好才能办文；换好后本单即作废，请当场销毁。")
    form.note("三、初始密码过了有效期，或者封口在拆开前已经破损，请不要使用，向本单位管理员要求恢复初始密码。")
    form.note(
        "- - - - - - - - - - - - - - - - 沿此线向内折叠，折好后在背面骑缝处封口盖章 - - - - - - - - - - - - - - - -"
    )
    form.table([1, 2], [[Cell("初始密码", label=True, height_mm=14), Cell(password)]])
    form.note("以上密码区分大小写，没有数字 0、1 和字母 O、o、I、l。")
    form.table(
        [1, 2, 1, 2],
        [
            [Cell("封口人", label=True, height_mm=14), Cell(), Cell("封口日期", label=True), Cell()],
            [Cell("领取人签名", label=True, height_mm=14), Cell(), Cell("领取日期", label=True), Cell()],
        ],
    )
    return form.pdf()
