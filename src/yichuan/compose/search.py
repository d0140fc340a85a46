"""Finding documents by number, words of the title and words of the text, without reading a text (A4).

The table of keyed pairs gives candidates: documents in which all pairs stand. Pairs may stand apart, so what a page
shows is compared with the words themselves (`Sought.fits`, `Sought.fits_text`): nothing is shown that does not match.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import IsNull

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

Place = SearchTerm.Place
Term = tuple[int, int]
"""A place and the keyed pair that stands there."""
FEW = 3_000
"""A pair that stands in fewer documents than this is where a search begins."""
MOST_TERMS = 24
"""So many pairs are asked of the table; the rest of a long sentence is compared on the page."""
LATELY, OFTEN = 1_000, 15
"""A pair that stands in so many of a hundred of the latest documents leaves too little out to be asked for."""
MOST_ASKED = 6
"""So many pairs a list is narrowed by, the rarest; the rest is compared on the page."""
FRESH = 500
"""Of so many documents that are not in the table yet the titles are opened."""

_STANDS = (
    "SELECT {{at}}, COUNT(*) FROM (SELECT 1 FROM compose_searchterm WHERE place = %s AND term = %s {}) counted{{at}}"
)
_UP_TO = _STANDS.format("LIMIT %s")
_LATELY = _STANDS.format("AND document_id > (SELECT id FROM compose_document ORDER BY id DESC LIMIT 1 OFFSET %s)")


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


@dataclass(frozen=True)
class Holders:
    """The documents in which some terms stand, all of them.

    `terms`: what is asked for, the rarest first; `seldom`: so many of them stand in few documents; `often`: each stands
    in very many. Of terms that are all frequent only those are asked for that tell most: what stands in nearly every
    document costs a look at each and leaves nothing out. The page compares what is left with the words themselves.
    """

    terms: tuple[Term, ...]
    seldom: int
    often: bool

    def among(self, column: str, through: Callable[[Q], QuerySet[Any]] | None = None) -> Q:
        """The condition on rows of which `column` is the document's id, or the id of something between them (a
        dispatch): then `through` gives the ids of those for a condition on their `document_id`.

        Few documents are read first, and the rows are looked up by them. Of more, their ids are held in memory while
        the rows are walked in the order of the list. Of nearly all, each row is asked: a page is soon full.
        """
        if self.often:
            if through is None:
                return _with(column, self.terms)
            return _there(through(_with("document_id", self.terms)).filter(pk=OuterRef(column)))
        rest = max(self.seldom, 1)
        few = [_Held(F("document_id"), Subquery(_documents(each))) for each in self.terms[1:rest]]
        ids: QuerySet[Any] = _documents(self.terms[0]).filter(*few).filter(_with("document_id", self.terms[rest:]))
        if through is not None:
            ids = through(Q(_OneOf(F("document_id"), Subquery(ids))))
        return Q((_OneOf if self.seldom else _Held)(F(column), Subquery(ids)))


def holders(terms: Sequence[Term]) -> Holders:
    """Where a search for these terms begins, and what else it asks for."""
    lately = _counted(_LATELY, terms, LATELY)
    telling = [term for term in terms if lately[term] * 100 < OFTEN * LATELY]
    stands = _counted(_UP_TO, telling, FEW)
    rarest_first = sorted(telling or terms, key=lambda term: (stands.get(term, FEW), lately[term]))
    seldom = sum(number < FEW for number in stands.values())
    return Holders(tuple(rarest_first[:MOST_ASKED]), min(seldom, MOST_ASKED), often=not telling)


def _counted(question: str, terms: Sequence[Term], most: int) -> dict[Term, int]:
    """In how many documents each term stands, as one of the questions above counts them."""
    if not terms:
        return {}
    each = " UNION ALL ".join(question.format(at=at) for at in range(len(terms)))
    with connection.cursor() as cursor:
        cursor.execute(each, [value for place, term in terms for value in (place, term, most)])
        return {terms[at]: number for at, number in cursor.fetchall()}


class _OneOf(Func):
    """Whether a column is one of a subquery's ids. PostgreSQL reads the ids first and looks each up, in their order: as
    a join it would rather read every row there is."""

    output_field = BooleanField()
    template, arg_joiner = "%(expressions)s", " IN "

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="%(expressions)s)", arg_joiner=" = ANY(ARRAY", **context)


class _Held(Func):
    """The same, asked of rows in the order they are walked in, of ids that are read beforehand: no join, for which
    another order might be chosen."""

    output_field = BooleanField()
    template, arg_joiner = "(%(expressions)s) IS TRUE", " IN "


def _with(column: str, terms: Sequence[Term]) -> Q:
    """Whether the document holds them, asked of each row in the order of the terms: the first that it does not ends it.
    As EXISTS the database would rather read beforehand every document in which a term stands."""
    found = Q()
    for term in terms:
        found &= _there(SearchTerm.objects.filter(document_id=OuterRef(column), **_at(term)).values("term"))
    return found


def _there(rows: QuerySet[Any]) -> Q:
    return Q(IsNull(Subquery(rows[:1]), False))


def _documents(term: Term) -> QuerySet[Any]:
    return SearchTerm.objects.filter(**_at(term)).order_by().values("document_id")


def _at(term: Term) -> dict[str, int]:
    return {"place": term[0], "term": term[1]}
