"""What a template says to everybody in the same words, drawn once for as long as the process lives."""

from typing import Any

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, TextNode, Token, VariableNode
from django.template.defaulttags import CsrfTokenNode
from django.template.library import SimpleNode
from django.utils.safestring import SafeString


class Once(Node):
    """A part of a template that says nothing of a request: drawn when it is first asked for, without any variable."""

    child_nodelists = ()  # nothing in it is a block that a page could fill

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self.drawn: SafeString | None = None

    def render(self, context: template.Context) -> SafeString:
        if self.drawn is None:
            self.drawn = self.nodelist.render(context.new({}))
        return self.drawn


def once(parser: Parser, token: Token) -> Once:
    """`{% once %}…{% endonce %}`: see `Once`."""
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    if any(nodelist.get_nodes_by_type(kind) for kind in (VariableNode, CsrfTokenNode)):
        raise template.TemplateSyntaxError("what is drawn once says nothing of a request: no variable stands in it")
    return Once(nodelist)


def drawn_early(parser: Parser, token: Token, compiled: Any) -> Node:
    """The node of a `simple_tag`, as text already where all it is given stands in the template itself."""
    node: SimpleNode = compiled(parser, token)
    given: list[FilterExpression] = [*node.args, *node.kwargs.values()]
    if node.target_var is None and not any(each.is_var or each.filters for each in given):
        return TextNode(node.render(template.Context()))
    return node
