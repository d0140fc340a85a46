"""Printing originals (R4, J-34): with the verification seal, numbered, within the allowance, each copy traceable.

Intent, device, outcome: copy numbers are taken under a lock, the seal signs and the file is made without one, and only
a file that was made counts (`print_numbers`). One document and a desk's morning of them go the same way, with the seal
opened once.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Invalid, Refused
from yichuan.common.outbox import publish
from yichuan.common.transactions import command
from yichuan.exchange.models import Delivery, PrintedCopy, Receipt
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.services.check import Panel, require_sound
from yichuan.exchange.services.locking import allowed, gone, held, visible
from yichuan.exchange.services.print_files import original_files
from yichuan.exchange.services.print_numbers import count, give_back, require_left, take, taken_under
from yichuan.exchange.services.print_ticket import from_ticket, ticket_for
from yichuan.exchange.services.print_word import say, sign_word
from yichuan.exchange.services.receipts import sign_soon
from yichuan.exchange.services.receiving import mark_received
from yichuan.exchange.states import DELIVERY
from yichuan.people.models import Account
from yichuan.seals.models import VerificationSeal
from yichuan.seals.selectors_verification import seal_to_print_with
from yichuan.seals.services.open_verification import open_verification, require_verification

Ready = Callable[[Delivery], VerificationSeal]
MOST_BYTES = 64 * 2**20
"""Of files that are made together, after the first."""


@dataclass(frozen=True)
class PrintFile:
    """A PDF with the numbered copies one after the other, ready for the printer."""

    pdf: bytes
    number: str
    numbers: tuple[int, ...]


@dataclass
class Print:
    """So many originals of one delivery in the making, for the holder of the verification seal that speaks for them.

    `refusal` says why nothing came of it: each of several prints ends on its own.
    """

    actor: Account
    delivery: Delivery
    copies: int
    request: uuid.UUID
    kept: VerificationSeal
    panel: Panel | None = None
    taken: list[PrintedCopy] = field(default_factory=list)
    pdf: bytes = b""
    refusal: Refused | None = None

    @property
    def file(self) -> PrintFile:
        """What came of it; raises the refusal."""
        if self.refusal is not None:
            raise self.refusal
        number = self.delivery.dispatch.document.number or ""
        return PrintFile(self.pdf, number, tuple(copy.number for copy in self.taken))

    @contextmanager
    def noted(self) -> Iterator[None]:
        """A refusal inside is this print's own. In a transaction it must come before the first change."""
        try:
            yield
        except Refused as refusal:
            self.refusal = refusal


def print_original(
    *,
    actor: Account,
    delivery_id: uuid.UUID,
    copies: int,
    request: uuid.UUID | None = None,
    password: str | None = None,
    ticket: str = "",
) -> PrintFile:
    """Make the print file of `copies` originals. A command in three parts.

    Only the holder of the unit's verification seal prints, and opens it with its own `password` each time (J-34), or
    with the `ticket` that `require_printable` gave for password and press: it checks the signing seal at that moment
    and signs which copies came of it. The same `request` again (a double click, a reloaded tab, an answer that was
    lost) makes the same numbers again and counts nothing, for ten minutes and on record. Refused as
    `require_verification`, `open_verification`, `from_ticket`, `require_sound`, and beyond the allowance.
    """
    wanted = printable(actor, delivery_id, copies, request or uuid.uuid4(), seals_ready(actor))
    make([wanted], password, ticket)
    return wanted.file


def require_printable(
    *, actor: Account, delivery_id: uuid.UUID, copies: int, request: uuid.UUID, password: str | None
) -> str:
    """Refuse now what `print_original` would refuse before it makes a file. Nothing is reserved, no copy is counted.

    The ticket with which `print_original` makes it.
    """
    wanted = printable(actor, delivery_id, copies, request, seals_ready(actor))
    ticket = foresee([wanted], password)
    if wanted.refusal is not None:
        raise wanted.refusal
    return ticket


def printable(actor: Account, delivery_id: uuid.UUID, copies: int, request: uuid.UUID, ready: Ready) -> Print:
    """The print of one delivery, for one who may make it."""
    delivery = visible(actor, delivery_id, ExchangePermission.PRINT)
    if copies < 1:
        raise Invalid({"copies": "份数应是 1 以上的整数。"})
    DELIVERY.find("print", delivery.state)
    return Print(actor, delivery, copies, request, ready(delivery))


def seal_ready(actor: Account, delivery: Delivery) -> VerificationSeal:
    """The verification seal with which this person prints: of the name that it was addressed to, where they hold
    several. Refused as `require_verification`; an office without it forwards to the registry (R9)."""
    kept = seal_to_print_with(actor, delivery.unit_id, delivery.addressee_id)
    instead = "" if delivery.office_id is None else "也可以转本单位收发室打印。"
    return require_verification(actor, kept, clock.now(), instead)


def seals_ready(actor: Account) -> Ready:
    """`seal_ready` at one moment, asked once for all deliveries to one desk under one name."""
    found: dict[tuple[uuid.UUID, uuid.UUID | None, int], VerificationSeal] = {}

    def ready(delivery: Delivery) -> VerificationSeal:
        whose = (delivery.unit_id, delivery.office_id, delivery.addressee_id)
        if whose not in found:
            found[whose] = seal_ready(actor, delivery)
        return found[whose]

    return ready


def foresee(prints: Sequence[Print], password: str | None) -> str:
    """Open the seal and note with each print what `make` would refuse before it makes the file. The ticket for it."""
    secret = _opened(prints, password)
    for each in going(prints):
        with each.noted():
            if not taken_under(each.request, each.actor, each.delivery):
                require_left(each.delivery, each.copies)
    return ticket_for(_press(prints), prints[0].kept, secret)


def make(prints: Sequence[Print], password: str | None, ticket: str = "") -> None:
    """Make the files of prints that one verification seal speaks for, opened once. A command in three parts.

    What is refused of one is noted with it and takes none of its copies.
    """
    secret = _opened(prints, password, ticket)
    for each in going(prints):
        with each.noted():
            each.taken = taken_under(each.request, each.actor, each.delivery)
    again = [each for each in going(prints) if each.taken]
    fresh = [each for each in going(prints) if not each.taken]
    try:
        _reserve(fresh)
        _draw(going(fresh), secret)
        receipts = _issue(going(fresh))
    except Exception:
        give_back(copy for each in fresh for copy in each.taken)
        raise
    give_back(copy for each in fresh if each.refusal is not None for copy in each.taken)
    if receipts:
        sign_soon(receipts)
    for each in again:
        with each.noted():
            each.pdf = original_files(each.delivery, each.taken)
            with command():
                _record(each, "exchange.print_again")


def going(prints: Iterable[Print]) -> list[Print]:
    """Those that nothing speaks against so far."""
    return [each for each in prints if each.refusal is None]


def _press(prints: Sequence[Print]) -> str:
    """What the password was typed for: the request, the documents, how many copies of each."""
    return ",".join(f"{each.request}:{each.delivery.pk}:{each.copies}" for each in prints)


def _opened(prints: Sequence[Print], password: str | None, ticket: str = "") -> bytes:
    """What the password of their seal opens; the documents are checked at that moment."""
    kept = prints[0].kept
    if ticket:
        secret = from_ticket(ticket, _press(prints), kept)
    elif password:
        secret = open_verification(kept, password)
    else:
        raise Invalid({"password": "请输入验证印章密码。它是接管验证印章时设的，不是登录密码。"})
    for each in prints:
        with each.noted():
            each.panel = require_sound(each.delivery)
    return secret


def _reserve(prints: Sequence[Print]) -> None:
    """Take the numbers of all of them at once: a second press finds all of them taken."""
    if not prints:
        return
    with command():
        for each in _held(prints):
            with each.noted():
                allowed(each.actor, each.delivery, "print")
                each.taken = take(each.request, each.actor, each.delivery, each.copies)


def _draw(prints: Sequence[Print], secret: bytes) -> None:
    """The seal's word on each print, and its file. Device calls: outside of any transaction."""
    size = 0
    for each in prints:
        assert each.panel is not None  # noqa: S101 - the seal speaks of what was checked
        with each.noted():
            said = say(each.delivery, each.taken, each.panel, each.kept, each.actor, clock.now())
            word = sign_word(said, each.kept, secret)
            for copy in each.taken:
                copy.verification, copy.verified = each.kept, word
            each.pdf = original_files(each.delivery, each.taken)
            if size and size + len(each.pdf) > MOST_BYTES:
                raise Refused("print_too_large", "没有打印：这次打印的文件已经很大，请另外打印。")
            size += len(each.pdf)


def _issue(prints: Sequence[Print]) -> list[Receipt]:
    """Count the copies. The first print, copy or reading is the receiving time (J-36), and writes a receipt."""
    if not prints:
        return []
    receipts, ready = [], seals_ready(prints[0].actor)
    with command():
        for each in _held(prints):
            with each.noted():
                delivery = each.delivery
                transition = allowed(each.actor, delivery, "print")
                ready(delivery)  # something may have befallen it meanwhile
                count(each.taken)
                receipts.append(mark_received(delivery, each.actor, "打印原件"))
                _record(each, transition.audit, verification=each.kept.seal.name)
                publish("printed", [delivery.dispatch.unit_id, delivery.unit_id], subject_id=delivery.pk)
    return [receipt for receipt in receipts if receipt is not None]


def _held(prints: Sequence[Print]) -> list[Print]:
    """The prints, their deliveries locked and as they stand now; one that left the actor's hands is refused. A step."""
    now = held(prints[0].actor, {each.delivery.pk: each.delivery for each in prints})
    for each in prints:
        if each.delivery.pk in now:
            each.delivery = now[each.delivery.pk]
        else:
            each.refusal = gone()
    return going(prints)


def _record(each: Print, verb: str, **more: str) -> None:
    detail = {"numbers": [copy.number for copy in each.taken], "allowance": each.delivery.allowance, **more}
    record(verb=verb, actor=each.actor, unit_id=each.delivery.unit_id, subject=each.delivery, detail=detail)
