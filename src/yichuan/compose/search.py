"""Finding documents by number, words of the title and words of the text, without reading a text (A4).

The table of keyed pairs gives candidates: documents in which all pairs stand. Pairs may stand apart, so what a page
shows is compared with the words themselves (`Sought.fits`, `Sought.fits_text`): nothing is shown that does not match.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, Count, Exists, F, Func, OuterRef, Q, Subquery

from yichuan.compose.models import Document, SearchTerm
from yichuan.compose.services.index import term_of
from yichuan.compose.words import (
    initials,
    number_runs,
    number_sought,
    number_terms,
    pairs,
    pairs_and_singles,
    plain,
    words_of,
)
from yichuan.keys.services.search_key import search_key
from yichuan.web.lists import bounded_each

Place = SearchTerm.Place
Term = tuple[int, int]
"""A place and the keyed pair that stands there."""
FEW = 2_000
"""A pair that stands in fewer documents than this is where a search begins."""
MOST_TERMS = 24
"""So many pairs are asked of the table; the rest of a long sentence is compared on the page."""
OFTEN = 10_000
"""A pair that stands in more documents than this leaves too little out to be asked for."""
MOST_ASKED = 4
"""So many pairs a list is narrowed by where all of them are frequent."""
FRESH = 500
"""Of so many documents that are not in the table yet the titles are opened."""


@dataclass(frozen=True)
class Sought:
    """What is looked for: parts of a number, words of the title (Chinese, or letters of its pinyin), of the text."""

    number: str = ""
    title: str = ""
    text: str = ""
    numbers: list[str] = field(init=False)
    titles: list[str] = field(init=False)
    texts: list[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbers", number_sought(self.number))
        object.__setattr__(self, "titles", words_of(self.title))
        object.__setattr__(self, "texts", words_of(self.text))

    def __bool__(self) -> bool:
        return bool(self.number or self.title or self.text)

    @property
    def faults(self) -> list[str]:
        """What was typed that nothing can be looked for by, in a clerk's words."""
        said = []
        if self.number and not self.numbers:
            said.append(f"文号「{self.number}」里没有可以查找的字，请输入机关代字、年份或序号，例如「江府办 44」。")
        if self.title and not self.titles:
            said.append(f"标题「{self.title}」里没有可以查找的字，请输入标题里的词。")
        if self.text and (not self.texts or any(len(word) < 2 for word in self.texts)):
            said.append(f"全文「{self.text}」太短，每个词请至少输入两个字。")
        return said

    def fits(self, document: Document) -> bool:
        """Whether number and title hold all that is looked for in them."""
        return self._fits_number(document.number or "") and self._fits_title(document.title)

    def _fits_number(self, number: str) -> bool:
        runs = number_runs(number)
        return all(any(run == part or (part in run and not part.isdecimal()) for run in runs) for part in self.numbers)

    def _fits_title(self, title: str) -> bool:
        folded = plain(title)
        return all(word in folded or (word.isascii() and word in initials(title)) for word in self.titles)

    def fits_text(self, document: Document, text: str) -> bool:
        """Whether number, title and text hold all words that are looked for in a text."""
        held = [plain(each) for each in (document.number or "", document.title, text)]
        return all(any(word in each for each in held) for word in self.texts)

    def terms(self) -> list[Term]:
        """The keyed pairs to ask for, each with its place; at most `MOST_TERMS`."""
        key = search_key()
        parts = {(Place.NUMBER, part) for run in self.numbers for part in number_terms(run)}
        for word in self.titles:
            place = Place.INITIALS if word.isascii() else Place.TITLE
            parts |= {(place, part) for part in pairs(word) or pairs_and_singles(word)}
        parts |= {(Place.TEXT, part) for word in self.texts for part in pairs(word)}
        longest_first = sorted(parts, key=lambda each: (-len(each[1]), each))
        return [(int(place), term_of(key, place, part)) for place, part in longest_first[:MOST_TERMS]]


def documents_with(terms: Collection[Term]) -> list[uuid.UUID] | None:
    """The documents in which all terms stand, where one of the terms is rare; None where all are frequent."""
    often = _how_often(terms, FEW)
    rarest = min(often, key=often.__getitem__, default=None)
    if rarest is None or often[rarest] == FEW:
        return None
    rows = SearchTerm.objects.filter(place=rarest[0], term=rarest[1]).order_by()
    return _with_all(list(rows.values_list("document_id", flat=True)), terms)


def _how_often(terms: Collection[Term], most: int) -> dict[Term, int]:
    """In how many documents each term stands, counted up to `most`."""
    asked = {str(at): term for at, term in enumerate(terms)}
    rows = {at: SearchTerm.objects.filter(place=place, term=term) for at, (place, term) in asked.items()}
    counted = bounded_each(rows, most, by="document_id") if rows else {}
    return {asked[at]: number for at, number in counted.items()}


def _with_all(found: list[uuid.UUID], terms: Collection[Term]) -> list[uuid.UUID]:
    if not found or len(terms) < 2:
        return found
    places, values = {place for place, _ in terms}, [term for _, term in terms]
    rows = SearchTerm.objects.filter(document_id__in=found, place__in=places, term__in=values).order_by()
    counted = rows.values("document_id").annotate(n=Count("term", distinct=True)).filter(n=len(set(values)))
    return list(counted.values_list("document_id", flat=True))


class _OneOf(Func):
    """Whether a column is one of a subquery's ids. PostgreSQL reads the ids first and looks each up, in their order: as
    a join it would rather read every row there is."""

    output_field = BooleanField()
    template, arg_joiner = "%(expressions)s", " IN "

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="%(expressions)s)", arg_joiner=" = ANY(ARRAY", **context)


def holding(path: str, terms: Collection[Term], *, of_many: bool = False) -> Q:
    """The condition that a row's document (`path` is its id's column) holds the terms; asked row by row, but `of_many`
    rows (more than a rare pair has documents) from the rarest pair.

    Of terms that are all frequent only those are asked for that tell most: what stands in nearly every document costs
    a look at each and leaves nothing out. The page compares what is left with the words themselves.
    """
    often = _how_often(terms, OFTEN)
    telling = sorted((each for each in terms if often[each] < OFTEN), key=often.__getitem__) or list(terms)
    asked = telling[:MOST_ASKED]
    if not of_many or not asked or often[asked[0]] == OFTEN:
        return _with(path, asked)
    place, term = asked[0]
    begun = SearchTerm.objects.filter(_with("document_id", asked[1:]), place=place, term=term).order_by()
    return Q(_OneOf(F(path), Subquery(begun.values("document_id"))))


def _with(path: str, terms: Collection[Term]) -> Q:
    found = Q()
    for place, term in terms:
        found &= Q(Exists(SearchTerm.objects.filter(document_id=OuterRef(path), place=place, term=term)))
    return found
