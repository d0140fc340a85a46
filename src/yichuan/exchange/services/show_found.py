"""What a search found, as a page shows it: compared with the words themselves, which are marked where they stand.

Opening a text to show a sentence of it is looking at the document, and on record like it (once an hour).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from yichuan.common.errors import Refused
from yichuan.compose.models import Document
from yichuan.compose.search import Sought
from yichuan.compose.services.index import body_text, text_in
from yichuan.compose.words import spots
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.services.check import delivered_body, delivered_key
from yichuan.exchange.services.look import record_look
from yichuan.people.models import Account

AROUND = 28
"""So many characters of the text stand before the first word that was found, and three times as many after it."""


@dataclass(frozen=True)
class Piece:
    """A piece of a text; `hit` where it is what was looked for."""

    text: str
    hit: bool


def compared(actor: Account, sought: Sought, deliveries: list[Delivery]) -> list[Delivery]:
    """Of a page's candidates those that do hold the words, with `title_pieces` and `sentence` set on them. Commands."""
    if not sought:
        return deliveries
    found = [each for each in deliveries if _holds(sought, each, each.dispatch.document, partial(_delivered, each))]
    for each in found:
        if each.sentence:
            record_look(actor, each, "sentence")
    return found


def compared_own(sought: Sought, dispatches: list[Dispatch]) -> list[Dispatch]:
    """The same of what the unit itself sent; reading that is not on record one by one."""
    if not sought:
        return dispatches
    return [each for each in dispatches if _holds(sought, each, each.document, partial(body_text, each.document))]


def _delivered(delivery: Delivery) -> str:
    return text_in(delivery.dispatch.document, delivered_body(delivery), partial(delivered_key, delivery))


def _holds(sought: Sought, row: Delivery | Dispatch, document: Document, read: Callable[[], str]) -> bool:
    if not sought.fits(document):
        return False
    row.title_pieces = tuple(pieces(document.title, [*sought.titles, *sought.texts]))
    if not sought.texts or sought.fits_text(document, ""):
        return True
    try:
        text = read()
    except Refused:
        return False  # it cannot be opened, or was taken back: its own page says why
    row.sentence = tuple(sentence(text, sought.texts))
    return sought.fits_text(document, text)


def sentence(text: str, words: list[str]) -> list[Piece]:
    """Some text around the first place in which one of the plain words stands; empty where none does."""
    found = spots(text, words)
    if not found:
        return []
    start, end = max(0, found[0][0] - AROUND), min(len(text), found[0][1] + 3 * AROUND)
    cut = pieces(text[start:end], words)
    before, after = [Piece("…", False)] * (start > 0), [Piece("…", False)] * (end < len(text))
    return [*before, *cut, *after]


def pieces(text: str, words: list[str]) -> list[Piece]:
    """The text in pieces, those apart in which the plain words stand."""
    cut, at = [], 0
    for start, end in spots(text, words):
        cut += [Piece(text[at:start], False), Piece(text[start:end], True)]
        at = end
    return [piece for piece in [*cut, Piece(text[at:], False)] if piece.text]
