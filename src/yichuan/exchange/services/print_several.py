"""打印所选: originals of several documents in one file, for one entry of the verification seal's password (J-34).

Each document has its own word, numbers, log entry and receipt, as if it were printed alone. What cannot be printed is
named and keeps none of the others back.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.exchange.models import Delivery, PrintedCopy
from yichuan.exchange.services.check import require_sound
from yichuan.exchange.services.print_files import in_one
from yichuan.exchange.services.print_numbers import require_left
from yichuan.exchange.services.print_original import Print, PrintFile, foresee, going, make, printable, seals_ready
from yichuan.exchange.states import DELIVERY, DeliveryState
from yichuan.people.models import Account

MOST_DOCUMENTS, MOST_COPIES = 20, 100


@dataclass(frozen=True)
class SeveralPrinted:
    """One PDF with the originals of each document after the other, and why others are not in it."""

    pdf: bytes
    files: tuple[PrintFile, ...]
    refused: Mapping[uuid.UUID, Refused]


class NothingPrinted(Refused):
    """Not one of the documents was printed; `why` has the reason of each."""

    def __init__(self, why: Mapping[uuid.UUID, Refused]) -> None:
        super().__init__("nothing_printed", "一件也没有打印，份数没有减少。原因写在各件后面。")
        self.why = why


def print_several(
    *, actor: Account, wanted: Mapping[uuid.UUID, int], request: uuid.UUID, password: str | None, ticket: str = ""
) -> SeveralPrinted:
    """Make one print file of so many copies of each delivery, in the order of `wanted`. A command in three parts.

    The same `request` again makes the same numbers again, and a `ticket` stands for the password, as with
    `print_original`. Raises what the verification seal and its password are refused for, `Invalid` for nothing or too
    much at once, `NothingPrinted`.
    """
    prints, refused = _asked(actor, wanted, request)
    make(prints, password, ticket)
    done = _done(prints, refused)
    pdf = in_one([each.pdf for each in done], f"原件 {len(done)} 件") if len(done) > 1 else done[0].pdf
    return SeveralPrinted(pdf, tuple(each.file for each in done), refused)


def require_some_printable(
    *, actor: Account, wanted: Mapping[uuid.UUID, int], request: uuid.UUID, password: str | None
) -> str:
    """Refuse now what `print_several` would refuse before it makes a file. Nothing is reserved, no copy is counted.

    The ticket with which `print_several` makes it.
    """
    prints, refused = _asked(actor, wanted, request)
    ticket = foresee(prints, password)
    _done(prints, refused)
    return ticket


def printed_under(request: uuid.UUID, deliveries: list[Delivery]) -> tuple[dict[uuid.UUID, list[int]], set[uuid.UUID]]:
    """The numbers that a press of 打印所选 has issued of each delivery, and of which it is still making the file."""
    issued, under_way = dict[uuid.UUID, list[int]](), set[uuid.UUID]()
    asked = [_request_of(request, each.pk) for each in deliveries]
    copies = PrintedCopy.objects.filter(request__in=asked).exclude(state=PrintedCopy.State.FAILED)
    for delivery_id, number, state in copies.order_by("number").values_list("delivery_id", "number", "state"):
        if state == PrintedCopy.State.ISSUED:
            issued.setdefault(delivery_id, []).append(number)
        else:
            under_way.add(delivery_id)
    return issued, under_way


def why_not(delivery: Delivery, *, checked: bool) -> str:
    """What stands in the way of printing it as far as can be said before; "" where nothing does. `checked` also
    verifies the document, which takes longer."""
    if delivery.state == DeliveryState.DELIVERED:
        return "还没有签收。先签收，再打印。"
    try:
        DELIVERY.find("print", delivery.state)
        require_left(delivery, 1)
        if checked:
            require_sound(delivery)
    except Refused as refusal:
        return refusal.message
    return ""


def _asked(
    actor: Account, wanted: Mapping[uuid.UUID, int], request: uuid.UUID
) -> tuple[list[Print], dict[uuid.UUID, Refused]]:
    """The prints that may begin, all of one verification seal, and why the others may not."""
    copies = sum(max(each, 0) for each in wanted.values())
    if not wanted:
        raise Invalid({"delivery": "没有可以打印的公文。请回到收文重新勾选。"})
    if len(wanted) > MOST_DOCUMENTS:
        raise Invalid({"delivery": f"一次最多打印 {MOST_DOCUMENTS} 件，现在有 {len(wanted)} 件。请分几次打印。"})
    if copies > MOST_COPIES:
        raise Invalid({"copies": f"一次最多打印 {MOST_COPIES} 份，现在共 {copies} 份。请减少份数，或者分几次打印。"})
    prints, refused, ready = list[Print](), dict[uuid.UUID, Refused](), seals_ready(actor)
    for delivery_id, number in wanted.items():
        try:
            each = printable(actor, delivery_id, number, _request_of(request, delivery_id), ready)
            if prints and each.kept.pk != prints[0].kept.pk:
                raise Refused("another_seal", f"要用另一枚验证印章「{each.kept.seal.name}」，密码不同，请单独打印。")
            prints.append(each)
        except Refused as refusal:
            refused[delivery_id] = refusal
    if not prints:
        raise _nothing(refused)
    return prints, refused


def _done(prints: list[Print], refused: dict[uuid.UUID, Refused]) -> list[Print]:
    """Those that nothing spoke against; the others join the refused."""
    refused |= {each.delivery.pk: each.refusal for each in prints if each.refusal is not None}
    done = going(prints)
    if not done:
        raise _nothing(refused)
    return done


def _nothing(refused: Mapping[uuid.UUID, Refused]) -> Refused:
    """Why nothing was printed; where none of them is there for this person, that alone."""
    unseen = [each for each in refused.values() if isinstance(each, NotFound)]
    return unseen[0] if len(unseen) == len(refused) else NothingPrinted(refused)


def _request_of(request: uuid.UUID, delivery_id: uuid.UUID) -> uuid.UUID:
    """Each document's own, so that a double press finds each where it stands."""
    return uuid.uuid5(request, str(delivery_id))
