"""`{% load cells %}`: a row of a list, in the columns that somebody chose."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


class Cells(template.Node):
    """The cells that are `written`, by the keys of their columns."""

    def __init__(self, columns: FilterExpression, written: Mapping[str, NodeList]) -> None:
        self.columns, self.written = columns, written

    def render(self, context: template.Context) -> SafeString:
        drawn = (self.written[column.key].render(context) for column in self.columns.resolve(context))
        return mark_safe("".join(drawn))  # noqa: S308  each part is the work of a template


@register.tag
def cells(parser: Parser, token: Token) -> template.Node:
    """`{% cells columns %}{% cell "number" %}<td>…</td>{% cell "title" %}<td>…</td>{% endcells %}`: for each column the
    cell that is written for its key. A list draws a hundred of them: none is asked whether it is the one."""
    _, columns = token.split_contents()
    written: dict[str, NodeList] = {}
    parser.parse(("cell",))
    while (begun := parser.next_token().split_contents())[0] == "cell":
        written[begun[1].strip('"')] = parser.parse(("cell", "endcells"))
    return Cells(parser.compile_filter(columns), written)
