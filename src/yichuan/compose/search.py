"""Finding documents by number, words of the title and words of the text, without reading a text (A4).

The table of keyed pairs gives candidates: documents in which all pairs stand. Pairs may stand apart, so what a page
shows is compared with the words themselves (`Sought.fits`, `Sought.fits_text`): nothing is shown that does not match.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Func, Model, Q

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
LATELY, OFTEN = 400, 15
"""A pair that stands in so many of a hundred of the latest documents leaves too little out to be asked for."""
MOST_ASKED = 6
"""So many pairs a list is narrowed by, the rarest; the rest is compared on the page."""
FRESH = 500
"""Of so many documents that are not in the table yet the titles are opened."""

DOCUMENT = "document_id"
STANDS = "compose_searchterm there WHERE there.place = %s AND there.term = %s"
IN_MEMORY = "({} IN ({})) IS TRUE"
"""Asked of each row; what PostgreSQL does with an IN that stands alone it decides itself."""
_COUNTED = f"SELECT {{{{at}}}}, COUNT(*) FROM (SELECT 1 FROM {STANDS} {{}}) counted{{{{at}}}}"  # noqa: S608
_UP_TO = _COUNTED.format("LIMIT %s")
_LATELY = _COUNTED.format("AND document_id > (SELECT id FROM compose_document ORDER BY id DESC LIMIT 1 OFFSET %s)")


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
    in very many. Where none is seldom, only those are asked for that tell most: what stands in nearly every
    document costs a look at each and leaves nothing out. The page compares what is left with the words themselves.
    """

    terms: tuple[Term, ...]
    seldom: int
    often: bool

    def among(self, column: str, through: type[Model] | None = None) -> Q:
        """The condition on rows of which `column` is the document's id, or the id of something between them: a row of
        `through`, which has a `document`.

        Few documents are read first, and the rows are looked up by them. Of more, their ids are held in memory while
        the rows are walked in the order of the list. Of nearly all, each row is asked: a page is soon full.
        """
        return Q(_Among(F(column), held=self, table=through._meta.db_table if through else ""))


def holders(terms: Sequence[Term]) -> Holders:
    """Where a search for these terms begins, and what else it asks for."""
    lately = _counted(_LATELY, terms, LATELY)
    telling = [term for term in terms if lately[term] * 100 < OFTEN * LATELY]
    stands = _counted(_UP_TO, telling, FEW)
    seldom = sum(number < FEW for number in stands.values())
    asked = terms if seldom or not telling else telling
    rarest_first = sorted(asked, key=lambda term: (stands.get(term, FEW), lately[term]))
    return Holders(tuple(rarest_first[:MOST_ASKED]), min(seldom, MOST_ASKED), often=not telling)


def _counted(question: str, terms: Sequence[Term], most: int) -> dict[Term, int]:
    """In how many documents each term stands, as one of the questions above counts them."""
    if not terms:
        return {}
    each = " UNION ALL ".join(question.format(at=at) for at in range(len(terms)))
    with connection.cursor() as cursor:
        cursor.execute(each, [value for place, term in terms for value in (place, term, most)])
        return {terms[at]: number for at, number in cursor.fetchall()}


class _Among(Func):
    """That condition in SQL, written so that the database keeps to the order it is meant in: as joins and EXISTS it
    would rather read every row there is, or every document in which some pair stands."""

    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> Any:  # type: ignore[override]
        """The SQL; the ids that a list begins with are an array where the database has arrays."""
        held, table = self.extra["held"], self.extra["table"]
        column, values = compiler.compile(self.source_expressions[0])
        one_of = "{} = ANY(ARRAY({}))" if connection.vendor == "postgresql" else "{} IN ({})"
        if held.often:
            sql = _each(f"sent.{DOCUMENT}" if table else column, held.terms)
            if table:
                sql = f"(SELECT 1 FROM {table} sent WHERE sent.id = {column} AND {sql}) IS NOT NULL"  # noqa: S608
        else:
            sql = _documents(held)
            if table:
                sql = f"SELECT sent.id FROM {table} sent WHERE {one_of.format(f'sent.{DOCUMENT}', sql)}"  # noqa: S608
            sql = (one_of if held.seldom else IN_MEMORY).format(column, sql)
        return sql, (*values, *(value for term in held.terms for value in term))


def _documents(held: Holders) -> str:
    """The documents in which all stand, from those in which the first does; of the other few the ids are in memory."""
    few = max(held.seldom, 1)
    ids = f"SELECT {DOCUMENT} FROM {STANDS}"  # noqa: S608
    asked = [ids.replace("there", "begun"), *[IN_MEMORY.format(f"begun.{DOCUMENT}", ids)] * (few - 1)]
    return " AND ".join((*asked, _each(f"begun.{DOCUMENT}", held.terms[few:])))


def _each(document: str, terms: Sequence[Term]) -> str:
    """Whether all stand in a document, asked one after the other: the first that does not ends it."""
    asked = f"(SELECT 1 FROM {STANDS} AND there.{DOCUMENT} = {document}) IS NOT NULL"  # noqa: S608
    return " AND ".join([asked] * len(terms)) or "TRUE"
