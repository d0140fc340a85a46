"""The text of the minutes (会签纪要): typeset as a form and turned into an OFD that three people can sign."""

from datetime import datetime

from django.utils import timezone

from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import Certificate
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.model import DocumentInfo
from yichuan.seals.ceremony import PARTIES, check_code, rows_of
from yichuan.seals.kinds import Matter, Party
from yichuan.seals.models import Attendance, Ceremony
from yichuan.seals.services.ceremony_seal import Parts
from yichuan.web.paper_form import Cell, PaperForm

DONE = {
    Matter.MAKE: "三方同时在场，核对一致后制作了本印章的两个部分。",
    Matter.CHANGE: "三方同时在场，核对一致后制作了新印章的两个部分；换下的旧章在办结时停用。",
    Matter.DESTROY: "三方同时在场，核对一致后销毁本印章；办结时吊销证书，密码设备内的密钥一并销毁。",
}


def write_minutes(ceremony: Ceremony, parts: Parts | None) -> bytes:
    """The minutes as an OFD that nobody has signed yet; `parts` are what was made. Outside of transactions."""
    form = PaperForm(
        title=f"电子印章{Matter(ceremony.request['matter']).label}会签纪要",
        number=f"会签号 {ceremony.number}",
        footer="本纪要由三方各自用本人数字证书签名，最后由交换中心签名。改动一处，签名即失效。",
    )
    form.table([1, 3], _facts(ceremony))
    form.heading("三方一致确认的内容")
    form.table([1, 3], [_pair(row.label, row.text) for row in rows_of(ceremony.request)] + _digests(ceremony))
    form.heading("到场和确认")
    form.table([2, 2, 4, 2, 2], _present(ceremony))
    form.heading("结果")
    form.note(DONE[Matter(ceremony.request["matter"])])
    if parts is not None:
        form.table([1, 3], _made(parts))
    info = DocumentInfo(
        title=f"{form.title} {ceremony.number}",
        author="电子公文交换中心",
        created=clock.now(),
        doc_id=ceremony.pk.hex,
    )
    from yichuan.lib.ofd.convert import pdf_to_ofd  # large, and minutes are rare

    try:
        return pdf_to_ofd(form.pdf(), info=info)
    except OfdError as error:
        raise Refused("no_minutes", "会签纪要没有排出来，请告知运行管理员。") from error


def _pair(label: str, text: str) -> list[Cell]:
    return [Cell(label, label=True), Cell(text)]


def _facts(ceremony: Ceremony) -> list[list[Cell]]:
    request = ceremony.request
    return [
        _pair("用章单位", request["unit"]["name"]),
        _pair("事项", Matter(request["matter"]).label),
        _pair("印章申请", request["application"]["number"]),
        _pair("会签开始", _time(ceremony.opened_at)),
    ]


def _digests(ceremony: Ceremony) -> list[list[Cell]]:
    return [
        _pair("申请 SM3", ceremony.request["application"]["digest"]),
        _pair("确认内容 SM3", ceremony.digest),
        _pair("核对码", check_code(ceremony.digest)),
    ]


def _present(ceremony: Ceremony) -> list[list[Cell]]:
    heads = [Cell(text, label=True) for text in ("一方", "姓名", "证书序号", "到场", "确认")]
    rows = {Party(row.party): row for row in ceremony.attendances.select_related("account")}
    return [heads, *(_one(rows[each]) for each in PARTIES)]


def _one(row: Attendance) -> list[Cell]:
    serial = f"{Certificate.from_der(bytes(row.certificate)).serial:x}"
    said = [Party(row.party).label, row.account.name, serial, _time(row.joined_at, day=False)]
    return [Cell(text) for text in (*said, _time(row.agreed_at, day=False))]


def _made(parts: Parts) -> list[list[Cell]]:
    return [
        _pair("签名印章证书", f"序号 {parts.signing.serial:x}"),
        _pair("验证印章证书", f"序号 {parts.verification.serial:x}"),
        _pair("印章数据 SM3", sm3(parts.der).hex()),
    ]


def _time(at: datetime | None, *, day: bool = True) -> str:
    if at is None:
        return ""
    here = timezone.localtime(at)
    return f"{here.year}年{here.month}月{here.day}日 {here:%H:%M:%S}" if day else f"{here:%H:%M:%S}"
