"""OFD pages on paper: as PDF with selectable text, and through that PDF as pictures."""

from .document import Paper, Sheet, joined, overlay
from .pages import ofd_to_pdf
from .picture import page_to_png

__all__ = ["Paper", "Sheet", "joined", "ofd_to_pdf", "overlay", "page_to_png"]
