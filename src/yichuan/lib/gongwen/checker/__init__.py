"""The form checker: what departs from GB/T 9704-2012, by clause and place.

``check_content`` reads the content model's JSON, ``check_pages`` the laid-out pages of an OFD or a PDF.
"""

from yichuan.lib.gongwen.checker.content import check_content
from yichuan.lib.gongwen.checker.findings import Finding, Place, Severity

__all__ = ["Finding", "Place", "Severity", "check_content"]
