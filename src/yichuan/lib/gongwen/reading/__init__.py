"""Reading drafts: the parts of a 公文 (GB/T 9704-2012 clause 7) found in a word processor's file or in plain text.

``read_docx`` and ``read_txt`` give a ``Reading``: the content model's JSON as far as it was found, as it was written,
and a note for everything that was left out or changed. Nothing is mended here; ``yichuan.lib.gongwen.checker`` names
what departs from the standard. ``Converter`` brings .doc, .wps and .rtf through LibreOffice first.
"""

from yichuan.lib.gongwen.reading.converter import Converter
from yichuan.lib.gongwen.reading.docx import read_docx
from yichuan.lib.gongwen.reading.result import Reading, ReadingError, ReadingLimits, ReadingNote
from yichuan.lib.gongwen.reading.txt import read_txt

__all__ = ["Converter", "Reading", "ReadingError", "ReadingLimits", "ReadingNote", "read_docx", "read_txt"]
