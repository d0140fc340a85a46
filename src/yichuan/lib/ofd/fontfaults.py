"""What fontTools raises on a font file that is damaged or made to mislead."""

import struct

from fontTools.ttLib import TTLibError

FONT_ERRORS = (
    TTLibError,
    struct.error,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
