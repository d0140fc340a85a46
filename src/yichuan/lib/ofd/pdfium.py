"""PDFium serves one thread of a process at a time."""

import threading

PDFIUM = threading.Lock()
"""Held by whoever calls pypdfium2."""
