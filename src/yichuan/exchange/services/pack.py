"""打包下载: received documents as they were sealed, with their attachments and an index, in one ZIP (R5, J-35).

Taking a document along is a copy: only what was received already goes in, each is checked and put on record before
its first byte leaves, and what stays out is listed with the reason. The ZIP is made while it is sent.
"""

import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from yichuan.audit.services.record import record
from yichuan.common import clock, sealed
from yichuan.common.errors import Invalid, Refused
from yichuan.common.transactions import command
from yichuan.exchange.models import Delivery
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.services.archives import Outlet, moment_in_full, safe_name
from yichuan.exchange.services.check import delivered_body, delivered_key, require_sound
from yichuan.exchange.services.locking import locked, visible
from yichuan.exchange.states import DeliveryState
from yichuan.lib.xlsx import workbook
from yichuan.people.models import Account

MOST = 50
MOST_BYTES = 512 * 2**20
HEAD = ("序号", "文号", "标题", "来文单位", "到达", "接收", "文件", "字节", "摘要（SM3）", "说明")
NOT_RECEIVED = "没有打包：还没有接收。先打印原件或脱密下载，接收以后再打包。"
TOO_LARGE = "没有打包：这次打包的文件已经很大，请另外打包。"


@dataclass
class Pack:
    """A ZIP in the making."""

    actor: Account
    deliveries: list[Delivery]
    rows: list[tuple[str | int, ...]] = field(default_factory=lambda: [HEAD])
    size: int = 0

    @property
    def name(self) -> str:
        """What the file is called."""
        return f"收文 {clock.now():%Y%m%d} 共{len(self.deliveries)}件.zip"

    def stream(self) -> Iterator[bytes]:
        """The archive, piece by piece, the index last."""
        outlet = Outlet()
        with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as archive:
            for number, delivery in enumerate(self.deliveries, start=1):
                try:
                    yield from self._one(archive, outlet, number, delivery)
                except Refused as refusal:
                    self._list(number, delivery, note=f"没有打包：{refusal.message}")
            archive.writestr("目录.xlsx", workbook("目录", self.rows))
        yield outlet.taken()

    def _one(self, archive: zipfile.ZipFile, outlet: Outlet, number: int, delivery: Delivery) -> Iterator[bytes]:
        document = delivery.dispatch.document
        if delivery.state != DeliveryState.RECEIVED:
            return self._list(number, delivery, note=NOT_RECEIVED)
        attachments = list(document.attachments.all())
        require_sound(delivery)
        body, key = delivered_body(delivery), delivered_key(delivery)
        size = len(body) + sum(each.size for each in attachments)
        if self.size + size > MOST_BYTES:
            return self._list(number, delivery, note=TOO_LARGE)
        self.size += size
        _record(self.actor, delivery.pk)
        folder = f"{number:02d} {safe_name(document.number or '')}".rstrip()
        archive.writestr(f"{folder}/正文.ofd", body)
        self._list(number, delivery, f"{folder}/正文.ofd", len(body), document.body_digest)
        yield outlet.taken()
        for each in attachments:
            name = f"{folder}/附件/{each.order} {safe_name(each.name)}"
            with archive.open(name, "w", force_zip64=True) as entry:
                for chunk in sealed.read(key, each.context, each.blob):
                    entry.write(chunk)
                    yield outlet.taken()
            self._list(number, delivery, name, each.size, each.digest)
        return None

    def _list(
        self, number: int, delivery: Delivery, name: str = "", size: int | str = "", digest: str = "", note: str = ""
    ) -> None:
        document, times = delivery.dispatch.document, (delivery.arrived_at, delivery.received_at)
        said = (document.number or "", document.title, delivery.dispatch.sender_name, *map(moment_in_full, times))
        self.rows.append((number, *said, name, size, digest, note))


def pack(*, actor: Account, delivery_ids: list[uuid.UUID]) -> Pack:
    """Begin a pack of the actor's own deliveries. Raises `Invalid` where there are none or too many, `NotFound` for
    another unit's, `Refused` where not one of them was received."""
    if not delivery_ids:
        raise Invalid({"delivery": "请先勾选要打包的公文。"})
    if len(delivery_ids) > MOST:
        raise Invalid({"delivery": f"一次最多打包 {MOST} 件，请分几次。"})
    found = [visible(actor, delivery_id, ExchangePermission.COPY) for delivery_id in delivery_ids]
    if not any(each.state == DeliveryState.RECEIVED for each in found):
        raise Refused("nothing_received", "勾选的公文都还没有接收，不能打包。请先打印原件或脱密下载。")
    return Pack(actor, found)


def _record(actor: Account, delivery_id: uuid.UUID) -> None:
    """On record before the first byte leaves; refused where it stands otherwise by now."""
    with command():
        delivery, _ = locked(actor, delivery_id, "copy")
        if delivery.state != DeliveryState.RECEIVED:
            raise Refused("not_received", NOT_RECEIVED)
        document = delivery.dispatch.document
        detail = {"digest": document.body_digest, "attachments": document.attachments.count()}
        record(verb="exchange.pack", actor=actor, unit_id=delivery.unit_id, subject=delivery, detail=detail)
