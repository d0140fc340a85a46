"""Putting sent documents into the search (A4): pairs of characters under a key, never the text.

The ticker does it soon after the sending, one document a transaction: what is killed half-way leaves nothing half, and
two that work at once put nothing in twice. Of attachments only the text beside a scan is searched. Documents that were
not sent yet are few; their titles are opened and looked at instead (`compose.search`).
"""

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial

from yichuan.common import clock, sealed
from yichuan.common.errors import Invalid, NotFound, Unavailable
from yichuan.common.transactions import command
from yichuan.compose.drafting.content import KINDS
from yichuan.compose.drafting.importing import read_draft
from yichuan.compose.models import Document, SearchTerm
from yichuan.compose.services.keys import own_key
from yichuan.compose.services.read import read_body
from yichuan.compose.states import DocumentState
from yichuan.compose.words import initials, number_terms, pairs, pairs_and_singles, plain
from yichuan.keys.services.search_key import search_key
from yichuan.lib.gm.sm3 import hmac_sm3
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.words import page_words

Place = SearchTerm.Place
MOST_CHARACTERS = 400_000
"""So much of a text is searched, from its beginning: more than the longest a draft may hold."""
ROWS_AT_ONCE = 2_000
INDEXED = (DocumentState.SENT, DocumentState.WITHDRAWN)
_READ = (".txt", ".docx")
_GONE_FOR_GOOD = sealed.LOST | {"device_no_such_key"}


def index_documents(limit: int = 200) -> int:
    """Put the documents that wait longest into the search, at most `limit`; how many they were. A command each.

    Raises Unavailable where the device does not answer: nothing is marked as done that was not.
    """
    waiting = Document.objects.filter(state__in=INDEXED, indexed_at=None).select_related("box")
    done = 0
    for document in waiting.order_by("changed_at")[:limit]:
        done += _put_in(document, _terms(document, body_text(document)))
    return done


def term_of(key: bytes, place: int, part: str) -> int:
    """What stands in the table for one part: the first 8 bytes of HMAC-SM3 over place and part, a signed number."""
    return int.from_bytes(hmac_sm3(key, bytes([place]) + part.encode())[:8], "big", signed=True)


def body_text(document: Document) -> str:
    """The words of the document's body, page after page; "" where it cannot be opened any more, which its pages say to
    whoever opens it."""
    try:
        return text_in(document, read_body(document), partial(own_key, document))
    except (NotFound, Unavailable) as error:
        if isinstance(error, Unavailable) and error.code not in _GONE_FOR_GOOD:
            raise
        logging.getLogger("yichuan.search").warning("the text of %s cannot be read: %s", document.pk, error.code)
        return ""


def text_in(document: Document, body: bytes, key: Callable[[], bytes]) -> str:
    """The words of an opened body; of a scan those of the editable text that travels beside it (G-note-4)."""
    if document.source != Document.Source.SCAN:
        return words_in(body)
    found: list[str] = []
    for each in document.attachments.all():
        if each.name.lower().endswith(_READ):
            data = sealed.read_bytes(key(), each.context, each.blob)
            with suppress(Invalid):  # not what its name says; its pages are there all the same
                found += read_draft(each.name, data, {"kind": KINDS[0]}).fields.values()
    return "\n".join(found)[:MOST_CHARACTERS]


def words_in(body: bytes) -> str:
    """The text of an OFD's pages, page after page; "" where it cannot be read or holds pictures alone."""
    try:
        return "".join(page_words(Package.open(body)))[:MOST_CHARACTERS]
    except OfdError:
        return ""


def _terms(document: Document, text: str) -> set[tuple[int, int]]:
    title, key = plain(document.title), search_key()
    parts: dict[int, Iterable[str]] = {
        Place.TITLE: pairs_and_singles(title),
        Place.INITIALS: pairs_and_singles(initials(document.title)),
        Place.TEXT: pairs(plain(document.number or "")) | pairs(title) | pairs(plain(text)),
        Place.NUMBER: number_terms(document.number or ""),
    }
    return {(int(place), term_of(key, place, part)) for place, found in parts.items() for part in found}


def _put_in(document: Document, terms: set[tuple[int, int]]) -> int:
    rows = [SearchTerm(document_id=document.pk, place=place, term=term) for place, term in sorted(terms)]
    with command():
        current = Document.objects.select_for_update().get(pk=document.pk)
        if current.indexed_at is not None:
            return 0
        SearchTerm.objects.filter(document_id=document.pk).delete()
        SearchTerm.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
        Document.objects.filter(pk=document.pk).update(indexed_at=clock.now())
    return 1
