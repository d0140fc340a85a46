"""The operators of content streams by name; each takes the interpreter and its operands."""

from collections.abc import Callable
from typing import Any

from . import colours, graphics, objects, paths, texts

OPERATORS: dict[str, Callable[[Any, Any], None]] = {
    **graphics.OPERATORS,
    **colours.OPERATORS,
    **paths.OPERATORS,
    **texts.OPERATORS,
    **objects.OPERATORS,
}
