"""Taking in what arrived, several deliveries in one request: what an office system that polls does (J-33, J-36).

The answer is a ZIP, which Java and .NET read with their own libraries: the bodies come byte for byte, none of them
grows by a third as in JSON, and what is told of them is one JSON file beside them.
"""

import uuid
import zipfile
from io import BytesIO
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from yichuan.common.errors import Refused
from yichuan.exchange.permissions import ExchangePermission as May
from yichuan.exchange.services.take_in import MOST, Intake, Taken, take_in
from yichuan.interface.api.base import Given, Told, client_of, operation
from yichuan.interface.api.told import ChecksOut, DeliveryOut, ReceiptOut
from yichuan.interface.problems import code_of
from yichuan.people.models import Account
from yichuan.web.requests import file

router = Router(tags=["收文 Deliveries"])
ZIP, INDEX = "application/zip", "index.json"


class TakeInIn(Given):
    """Which ones. They come back in this order."""

    deliveries: Annotated[list[uuid.UUID], Field(min_length=1, max_length=MOST)]


class ItemProblem(Told):
    """Why this one was refused: the code, status and words that its own request would have been refused with."""

    code: str
    status: int
    detail: str


class ItemOut(Told):
    """One delivery: what was taken in and the name of its file in the ZIP, or its problem alone."""

    id: uuid.UUID
    file: str | None = None
    delivery: DeliveryOut | None = None
    checks: ChecksOut | None = None
    receipts: list[ReceiptOut] = []
    problem: ItemProblem | None = None

    @classmethod
    def of(cls, delivery_id: uuid.UUID, found: Taken | Refused, actor: Account) -> "ItemOut":
        if isinstance(found, Refused):
            code = code_of(found.code, found.status)
            return cls(id=delivery_id, problem=ItemProblem(code=code, status=found.status, detail=found.message))
        return cls(
            id=delivery_id,
            file=f"{delivery_id}.ofd",
            delivery=DeliveryOut.of_actor(found.delivery, actor),
            checks=ChecksOut.of(found.panel),
            receipts=[ReceiptOut.of(each) for each in found.receipts],
        )


class TakenInIndex(Told):
    """`index.json` of the ZIP. `left` were not touched, for want of room: ask for them next."""

    items: list[ItemOut]
    left: list[uuid.UUID]


@operation(
    router, "POST", "/deliveries/take-in", permission=May.READ, answer=ZIP, key=True,
    summary="成批收取：校验、签收、读取 Take in several: check, sign for and read",
)  # fmt: skip
def take_in_deliveries(request: HttpRequest, given: TakeInIn) -> HttpResponse:
    """Up to 50 deliveries of the client's box, each checked, signed for and read as by requests of its own.

    The answer is a ZIP: `index.json` (`#/components/schemas/TakenInIndex`) tells of each delivery how it stands now,
    its checks and both signed receipts, and names its file, the sealed OFD byte for byte. One that is refused (not
    sound, returned, withdrawn, not there) has its problem there and stays as it is; the others are taken in. Bodies
    of more than 16 MB together are `left` for the next request. What was signed for or read already comes again.
    """
    account = client_of(request).account
    taken = take_in(actor=account, delivery_ids=given.deliveries)
    return file(_packed(taken, account), name="take-in.zip", media_type=ZIP)


def _packed(taken: Intake, actor: Account) -> bytes:
    """Stored, not compressed: an OFD is compressed already."""
    items = {each: ItemOut.of(each, found, actor) for each, found in taken.items.items()}
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(INDEX, TakenInIndex(items=list(items.values()), left=list(taken.left)).model_dump_json())
        for delivery_id, found in taken.items.items():
            if isinstance(found, Taken):
                archive.writestr(str(items[delivery_id].file), found.body)
    return written.getvalue()


def index_schemas() -> dict[str, Any]:
    """The schema of `index.json` with those that it refers to, by name."""
    whole = TakenInIndex.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    return {**whole.pop("$defs"), TakenInIndex.__name__: whole}
