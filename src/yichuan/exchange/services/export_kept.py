"""Exporting what is kept for a closed unit (导出封存, J-10(2)): one ZIP, made while it is sent, plain nowhere at rest.

In it every document as it was sealed, its attachments, its receipts with their signatures, its notices of return, and
a list of all. Beginning and end are on record, the end with the digest of the whole file, so that a sealed copy can be
compared years later.
"""

import json
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from yichuan.audit.services.record import record
from yichuan.common import sealed
from yichuan.common.errors import Refused
from yichuan.common.transactions import command
from yichuan.compose.models import Document
from yichuan.exchange.models import Assignment, Delivery, Dispatch, Receipt, ReturnNotice
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.services.archives import Outlet, moment_in_full, safe_name
from yichuan.exchange.services.kept import kept_box, made_in, opened, received_in
from yichuan.exchange.services.return_notice import read_notice
from yichuan.keys.services.device import device
from yichuan.lib.gm.sm3 import Sm3
from yichuan.lib.xlsx import workbook
from yichuan.org.models import Box
from yichuan.people.models import Account

HEAD = (
    "序号", "收发", "发文字号", "标题", "发文单位", "收件单位", "到达或发出", "状态", "附件", "回执", "退文告知单",
    "分办", "说明",
)  # fmt: skip
AT_A_TIME = 200


@dataclass
class Export:
    """An archive in the making."""

    actor: Account
    box: Box
    rows: list[tuple[str | int, ...]] = field(default_factory=lambda: [HEAD])
    failed: int = 0

    @property
    def name(self) -> str:
        """What the file is called."""
        unit = self.box.held_for
        return f"{safe_name(unit.name if unit else '')} 公文导出.zip"

    def stream(self) -> Iterator[bytes]:
        """The archive, piece by piece; at its end what it was is recorded."""
        digest, size = Sm3(), 0
        for piece in self._pieces():
            digest.update(piece)
            size += len(piece)
            yield piece
        detail = {
            "documents": len(self.rows) - 1,
            "failed": self.failed,
            "bytes": size,
            "sm3": digest.digest().hex(),
        }
        with command():
            record(
                verb="exchange.export_done",
                actor=self.actor,
                unit_id=self.box.unit_id,
                subject=self.box,
                detail=detail,
            )

    def _pieces(self) -> Iterator[bytes]:
        outlet = Outlet()
        with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as archive:
            for kind, rows in (("收文", received_in(self.box)), ("发文", made_in(self.box))):
                for row in rows.iterator(chunk_size=AT_A_TIME):
                    yield from self._one(archive, outlet, kind, row)
            archive.writestr("目录.xlsx", workbook("目录", self.rows))
        yield outlet.taken()

    def _one(self, archive: zipfile.ZipFile, outlet: Outlet, kind: str, row: Delivery | Document) -> Iterator[bytes]:
        document = row if isinstance(row, Document) else row.dispatch.document
        number, note = len(self.rows), ""
        folder = f"{kind}/{number:05d} {safe_name(document.number or '')}".rstrip()
        try:
            kept = opened(self.box, row)
            archive.writestr(f"{folder}/正文.ofd", kept.body())
            yield outlet.taken()
            for file in document.attachments.all():
                with archive.open(f"{folder}/附件/{file.order} {safe_name(file.name)}", "w", force_zip64=True) as entry:
                    for chunk in sealed.read(kept.key, file.context, file.blob):
                        entry.write(chunk)
                        yield outlet.taken()
        except Refused as refusal:
            note = f"没有完整导出：{refusal.message}"
            self.failed += 1
        counts = (_write_receipts(archive, folder, row), _write_notices(archive, folder, row))
        yield outlet.taken()
        files = document.attachments.count()
        self.rows.append((number, kind, *_said(row, document), files, *counts, _assigned(row), note))


def export_kept(*, actor: Account, box_id: uuid.UUID) -> Export:
    """Begin the export of a kept box, on record; the archive is made as it is read. A command."""
    box = kept_box(actor, box_id, ExchangePermission.EXPORT_KEPT)
    with command():
        detail = {"unit": box.held_for.name if box.held_for else ""}
        record(verb="exchange.export", actor=actor, unit_id=box.unit_id, subject=box, detail=detail)
    return Export(actor, box)


def _write_receipts(archive: zipfile.ZipFile, folder: str, row: Delivery | Document) -> int:
    """The receipts that the box gave, or that came back to it: payload, signature, and the key that verifies it."""
    deliveries = [row] if isinstance(row, Delivery) else list(Delivery.objects.filter(dispatch__document=row))
    receipts = Receipt.objects.filter(delivery__in=deliveries).exclude(signature=None).select_related("delivery__box")
    count = 0
    for count, receipt in enumerate(receipts.order_by("at", "pk"), start=1):
        said = {
            "payload": bytes(receipt.payload).decode(),
            "signature": bytes(receipt.signature or b"").hex(),
            "public_key": device().public_key(receipt.delivery.box.receipt_label).der.hex(),
        }
        name = f"{folder}/回执/{count} {receipt.get_kind_display()}.json"
        archive.writestr(name, json.dumps(said, ensure_ascii=False, indent=2))
    return count


def _write_notices(archive: zipfile.ZipFile, folder: str, row: Delivery | Document) -> int:
    """The notices of return that the box gave, or that came back to it; one that cannot be read is left out."""
    of = {"delivery": row} if isinstance(row, Delivery) else {"delivery__dispatch__document": row}
    count = 0
    for notice in ReturnNotice.objects.filter(**of).select_related("delivery__addressee").order_by("at"):
        with suppress(Refused):
            name = f"{notice.number} {safe_name(notice.delivery.addressee.short_name)}.pdf"
            archive.writestr(f"{folder}/退文告知单/{name}", read_notice(notice))
            count += 1
    return count


def _assigned(row: Delivery | Document) -> str:
    """To which offices the registry gave it, and who took it."""
    if isinstance(row, Document):
        return ""
    rows = Assignment.objects.filter(delivery=row).select_related("office", "taken_by").order_by("given_at")
    return "；".join(
        f"{each.office.name}，{f'{each.taken_by.name}接办' if each.taken_by else '没有接办'}"
        f"{f'，{each.due_on} 前' if each.due_on else ''}{f'：{each.note}' if each.note else ''}"
        for each in rows
    )


def _said(row: Delivery | Document, document: Document) -> tuple[str, ...]:
    """What the list says of one document: number, title, from, to, when, state."""
    head = (document.number or "", document.title)
    if isinstance(row, Delivery):
        sender, addressee = row.dispatch.sender.name, row.addressee.name + row.addressee_office
        return (*head, sender, addressee, moment_in_full(row.arrived_at), row.get_state_display())
    sent = Dispatch.objects.filter(document=document).select_related("sender").first()
    if sent is None:
        return (*head, "", "没有发出", moment_in_full(document.changed_at), document.get_state_display())
    count = f"{sent.deliveries.count()} 个单位"
    return (*head, sent.sender.name, count, moment_in_full(sent.sent_at), document.get_state_display())
