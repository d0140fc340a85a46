"""A row draws the cells of the columns somebody chose, in that order."""

import pytest
from django.template import Context, Template
from django.template.loader import get_template

from yichuan.exchange.listing import INBOX_COLUMNS, SENT_COLUMNS
from yichuan.exchange.templatetags.inbox import CELLS
from yichuan.web.lists import Column
from yichuan.web.templatetags.cells import Cells

ROW = Template(
    '{% load cells %}{% cells columns %}{% cell "a" %}<td>{{ a }}</td>{% cell "b" %}<td>b</td>{% endcells %}'
)


@pytest.mark.parametrize(
    ("keys", "drawn"), [("ab", "<td>&lt;</td><td>b</td>"), ("ba", "<td>b</td><td>&lt;</td>"), ("b", "<td>b</td>")]
)
def test_the_cells_stand_in_the_order_of_the_columns(keys: str, drawn: str) -> None:
    columns = [Column(key, key) for key in keys]
    assert ROW.render(Context({"columns": columns, "a": "<"})) == drawn


def test_every_column_of_what_was_sent_has_a_cell() -> None:
    template = get_template("exchange/parts/sent_cells.html").template
    [drawn] = template.nodelist.get_nodes_by_type(Cells)
    assert set(drawn.written) == {column.key for column in SENT_COLUMNS}


def test_every_column_of_the_inbox_has_a_cell() -> None:
    assert set(CELLS) == {column.key for column in INBOX_COLUMNS}
