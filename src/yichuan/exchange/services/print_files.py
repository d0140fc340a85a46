"""The files that leave the centre: numbered originals with their codes, and decrypted copies marked 副本.

Both are drawn from the sealed body as it was verified, seals included, so that what is printed is what was checked.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.utils.timezone import localtime

from yichuan.common import clock, memory
from yichuan.common.errors import Refused
from yichuan.compose.models import Document
from yichuan.exchange.models import Delivery, PrintedCopy
from yichuan.exchange.services.check import delivered_body
from yichuan.exchange.services.print_codes import log_mark, make_codes
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.font_roles import resolver
from yichuan.lib.gongwen.print_stamp import CopyMark, CopyStamp, print_file
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.model import DocumentInfo
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.paper import joined, ofd_to_pdf
from yichuan.people.models import Account
from yichuan.web.fonts import fonts

SCANNED = "盖章纸质件扫描打印，没有电子印章，以盖章的纸质件为准"
NOT_DRAWN = "打印文件没有做成，份数没有减少。请联系发文单位。"
NOT_JOINED = (
    "原件已经做好，份数已经记下，只是没有合成一个打印文件。"
    "请十分钟内再按一次「打印」，号码不变；仍不行请联系运行管理员。"
)


def original_files(delivery: Delivery, copies: list[PrintedCopy]) -> bytes:
    """One PDF with each copy, stamped with its own number and code, one after the other."""
    log, document = log_mark(), delivery.dispatch.document
    return _stamped(
        delivery,
        [
            CopyStamp(
                number=copy.number,
                total=delivery.allowance,
                unit=delivery.unit.name,
                doc_no=document.number or "",
                printed_at=localtime(copy.reserved_at),
                qr=code,
                log=str(log),
                header=SCANNED if document.source == Document.Source.SCAN else "",
            )
            for copy, code in zip(copies, make_codes(delivery, copies, log), strict=True)
        ],
    )


def in_one(files: Sequence[bytes], title: str) -> bytes:
    """Print files as one, in their order. Their copies are counted: `cannot_join` says so."""
    with _drawing("cannot_join", NOT_JOINED):
        return joined(files, DocumentInfo(title=title, created=localtime(clock.now())))


def copy_file(delivery: Delivery, actor: Account) -> bytes:
    """A PDF marked 副本 on every page, with the unit and the time at which it was taken."""
    mark = CopyMark(
        unit=f"{delivery.unit.name} {actor.name}",
        doc_no=delivery.dispatch.document.number or "",
        taken_at=localtime(clock.now()),
    )
    return _stamped(delivery, [mark])


def _stamped(delivery: Delivery, stamps: list[CopyStamp] | list[CopyMark]) -> bytes:
    with _drawing():
        return print_file(_pages(delivery), stamps, fonts())


@contextmanager
def _drawing(code: str = "cannot_draw", said: str = NOT_DRAWN) -> Iterator[None]:
    try:
        yield
    except (OfdError, GongwenError) as error:
        raise Refused(code, f"{said}（{error.code}）") from error


def _pages(delivery: Delivery) -> bytes:
    def draw() -> bytes:
        return ofd_to_pdf(Package.open(delivered_body(delivery)), fonts=resolver(fonts()), printing=True)

    return memory.remember(("print", delivery.dispatch.document.body), draw)
