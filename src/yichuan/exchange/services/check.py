"""What the receiver is shown before signing for (R3, J-33): each check by its name, never a bare yes or no."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime

from yichuan.common import clock, profile, sealed
from yichuan.common.errors import Refused
from yichuan.compose.models import Document
from yichuan.compose.services.keys import unwrap_from
from yichuan.compose.services.take_scan import NO_SEAL
from yichuan.exchange.check_words import means, to_do
from yichuan.exchange.models import Delivery
from yichuan.exchange.services.attached import altered_attachments, list_at_once
from yichuan.exchange.services.seal_standing import Standing, of_sender, standings
from yichuan.exchange.services.verified import Grounds
from yichuan.keys.services.trust import trust
from yichuan.lib.ofd.report import Report, SignatureReport

# The body cannot be read because of what lies in the store or the box: a finding about this document, not a device
# that is away for a while.
NOT_READABLE = sealed.LOST | {"no_document"}
TAKEN_BACK = "这件公文发文单位已撤回，不能再查看、打印或下载。"


@dataclass(frozen=True)
class Line:
    """One check: `state` is ok, warn, bad or unknown; `note` says in plain Chinese what was found."""

    name: str
    state: str
    note: str

    @property
    def means(self) -> str:
        """What it looks at."""
        return means(self.name)

    @property
    def to_do(self) -> str:
        """What the receiver does where it came out so; "" where nothing."""
        return to_do(self.name, self.state)


@dataclass(frozen=True)
class Panel:
    """All checks of one delivery, the library's report behind them, and how the seals of this centre stand."""

    lines: tuple[Line, ...]
    report: Report
    checked_at: datetime
    standings: tuple[Standing, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing speaks against signing for."""
        return not any(line.state == "bad" for line in self.lines)


@dataclass(frozen=True)
class Opened:
    """A delivery with its key and its body out of the box, and the body's SM3; or with what stands in the way."""

    delivery: Delivery
    key: bytes
    body: bytes
    digest: str
    unreadable: Refused | None = None


def delivered_key(delivery: Delivery) -> bytes:
    """The document's key, opened with the box it was delivered to. Refused `wrong_state` once it was withdrawn."""
    if delivery.taken_back:  # it is not read any more, whoever has its address
        raise Refused("wrong_state", TAKEN_BACK)
    return unwrap_from(delivery.box, delivery.dispatch.document, bytes(delivery.wrapped_key))


def delivered_body(delivery: Delivery) -> bytes:
    """The sealed OFD as it was sent, byte for byte. Refused `wrong_state` once it was withdrawn."""
    return _body(delivery, delivered_key(delivery)).data


def _body(delivery: Delivery, key: bytes) -> sealed.Whole:
    """Opened once for all receivers of one letter; nobody has the key but out of a box of its own."""
    document = delivery.dispatch.document
    return sealed.read_whole(key, document.body_context, document.body)


def opened(delivery: Delivery) -> Opened:
    """The delivery, to be checked. Refused where it was withdrawn, or a device or the store is away for a while."""
    key = b""
    try:
        key = delivered_key(delivery)
        body = _body(delivery, key)
    except Refused as refusal:
        if refusal.code not in NOT_READABLE:
            raise
        return Opened(delivery, key, b"", "", refusal)
    return Opened(delivery, key, body.data, body.digest)


def check_delivery(delivery: Delivery, *, anew: bool = False) -> Panel:
    """Verify the document as it lies in the box now, by every step, with the centre's root; `anew` reads large
    attachments again although this process has found them intact before."""
    [panel] = check_opened([opened(delivery)], anew=anew)
    return panel


def check_opened(found: Sequence[Opened], *, anew: bool) -> list[Panel]:
    """`check_delivery` for several, in their order: whom the centre trusts and how their seals stand is asked once."""
    at = clock.now()
    list_at_once(each.delivery.dispatch.document for each in found)
    trusted = trust()
    # As it stood when the centre took it in: what was revoked or ran out later takes nothing from it.
    grounds = [Grounds(each.body, each.digest, trusted, each.delivery.dispatch.sent_at) for each in found]
    seals = standings([(each.delivery, by) for each, by in zip(found, grounds, strict=True)])
    return [_panel(each, by, stand, at, anew=anew) for each, by, stand in zip(found, grounds, seals, strict=True)]


def _panel(opened: Opened, grounds: Grounds, found: list[Standing], at: datetime, *, anew: bool) -> Panel:
    delivery = opened.delivery
    if opened.unreadable is not None:
        note = opened.unreadable.message
        found, lines = [], [Line("内容完整", "bad", note)]
        report = Report(False, opened.unreadable.code, note, ())
    elif delivery.dispatch.document.source == Document.Source.SCAN:
        found, lines = [], _of_a_scan(delivery, opened.digest, altered_attachments(delivery, opened.key, anew=anew))
        report = Report(True, None, "", ())
    else:
        report = grounds.report()
        signed = report.signatures
        seal = next((each for each in signed if not each.valid_and_trusted), next(iter(signed), None))
        altered = altered_attachments(delivery, opened.key, anew=anew)
        by_sender = of_sender(delivery, found)
        lines = [_content(delivery, opened.digest, seal, altered), *_seal_lines(seal, found, by_sender=by_sender)]
    return Panel((_sender(delivery), _addressee(delivery), *lines, _sent_at(delivery)), report, at, tuple(found))


def require_sound(delivery: Delivery) -> Panel:
    """`refuse_unsound` of what is in the box now."""
    panel = check_delivery(delivery, anew=True)
    refuse_unsound(panel)
    return panel


def refuse_unsound(panel: Panel) -> None:
    """Refuse where a check failed: such a document can only be returned (J-33)."""
    if not panel.sound:
        bad = "；".join(f"{line.name}：{line.note}" for line in panel.lines if line.state == "bad")
        raise Refused("not_sound", f"校验没有通过，不能签收、打印或下载，请退回发文单位。{bad}")


def _sender(delivery: Delivery) -> Line:
    return Line("发文单位", "ok", f"由{delivery.dispatch.sender_name}发出，与通讯录一致。")


def _addressee(delivery: Delivery) -> Line:
    role = Delivery.Role(delivery.role).label
    if delivery.passed_on:
        return Line(
            "收件单位", "ok", f"{delivery.addressee_name}在{role}名单里，第 {delivery.order} 位，由本单位承继。"
        )
    return Line("收件单位", "ok", f"本单位在{role}名单里，第 {delivery.order} 位。")


def _content(delivery: Delivery, digest: str, seal: SignatureReport | None, altered: list[str]) -> Line:
    document = delivery.dispatch.document
    if digest != document.body_digest:
        return Line("内容完整", "bad", "正文与发出时不一样，已被改动。")
    if seal is None or seal.integrity != "ok":
        return Line("内容完整", "bad", f"正文与盖章时不一样：{_failed_notes(seal)}")
    if altered:
        return Line("内容完整", "bad", f"附件与发出时不一样：{'、'.join(altered)}。")
    count = document.attachments.count()
    if not count:
        return Line("内容完整", "ok", "正文与盖章时一字不差。")
    return Line("内容完整", "ok", f"正文与盖章时一字不差，{count} 个附件与发出时一字不差。")


def _of_a_scan(delivery: Delivery, digest: str, altered: list[str]) -> list[Line]:
    """Sealed paper that was scanned (G-note-4): whole or not can be said, the seal on the paper a person looks at."""
    seal = Line("印章", "warn", f"{NO_SEAL}。请看扫描件上盖的章，有疑问先与发文单位核实。")
    if digest != delivery.dispatch.document.body_digest:
        return [Line("内容完整", "bad", "扫描件与发出时不一样，已被改动。"), seal]
    if altered:
        return [Line("内容完整", "bad", f"附件与发出时不一样：{'、'.join(altered)}。"), seal]
    return [Line("内容完整", "ok", "扫描件和可编辑文本与发出时一字不差。"), seal]


def _seal_lines(seal: SignatureReport | None, found: list[Standing], *, by_sender: bool) -> tuple[Line, ...]:
    if seal is None:
        return (Line("印章", "bad", "这件公文没有电子印章。"),)
    if seal.seal != "ok":
        stamp = Line("印章", "bad", _failed_notes(seal))
    elif not by_sender:
        stamp = Line("印章", "bad", "印章不是发文单位的，请与发文单位核实。")
    else:
        stamp = Line("印章", "ok", "印章由本中心制章，没有改动，在有效期内。")
    signer = (
        Line("证书", "ok", "盖章人的证书有效，和印章相符。")
        if seal.signer == "ok" and seal.time != "failed"
        else Line("证书", "bad", _failed_notes(seal))
    )
    uncovered = seal.coverage.uncovered
    if uncovered:
        cover = Line("覆盖范围", "warn", f"有 {len(uncovered)} 个影响版面的文件不在印章保护之内，请核对。")
    else:
        cover = Line("覆盖范围", "ok", "印章保护全部页面。")
    return stamp, _standing(found), signer, cover


def _standing(found: list[Standing]) -> Line:
    """How the seals themselves stand: the first that might not be used, or else all of them."""
    if not found:
        return Line("印章状态", "unknown", "不是本中心登记的印章，是否停用无从查询。")
    worst = next((each for each in found if not each.good), None)
    if worst is not None:
        return Line("印章状态", "bad", worst.note)
    return Line("印章状态", "ok", "".join(each.note for each in found))


def _failed_notes(seal: SignatureReport | None) -> str:
    if seal is None:
        return "没有印章可以核对。"
    failed = [step.note_zh for step in seal.steps if step.ok is False]
    return "；".join(failed) or "无法确认，印章或证书不是本中心的。"


def _sent_at(delivery: Delivery) -> Line:
    dispatch = delivery.dispatch
    sent = localtime(dispatch.sent_at, profile.current().zone)
    if delivery.counted_day is not None:
        return Line("发送时间", "ok", f"{sent:%H:%M:%S}，在本单位事先告知的时间以前，计为当天。")
    counted = dispatch.counted_day
    if counted == sent.date():
        return Line("发送时间", "ok", f"{sent:%H:%M:%S}，早于 {profile.current().cut_off:%H:%M}，计为当天。")
    day = f"{counted.month}月{counted.day}日"
    return Line("发送时间", "ok", f"{sent.month}月{sent.day}日 {sent:%H:%M:%S} 发出，计为 {day}。")
