"""The form checker: what departs from GB/T 9704-2012, by clause and place.

``check_content`` reads the content model's JSON, ``check_pages`` the laid-out pages (``gongwen.sheets``) of an OFD or a
PDF. Neither changes anything, and neither says that a document is right: only what was found.
"""

from yichuan.lib.gongwen.checker.content import check_content
from yichuan.lib.gongwen.checker.findings import Finding, Place, Severity
from yichuan.lib.gongwen.checker.pages import check_pages

__all__ = ["Finding", "Place", "Severity", "check_content", "check_pages"]
