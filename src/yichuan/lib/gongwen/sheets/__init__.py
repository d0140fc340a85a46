"""Laid-out pages as a reader with a ruler sees them: characters, rules and seals in their places, from OFD or PDF."""

from yichuan.lib.gongwen.sheets.model import Glyph, Row, Rule, Sheet
from yichuan.lib.gongwen.sheets.ofd import sheets_of_ofd
from yichuan.lib.gongwen.sheets.pdf import sheets_of_pdf

__all__ = ["Glyph", "Row", "Rule", "Sheet", "sheets_of_ofd", "sheets_of_pdf"]
