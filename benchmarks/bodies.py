"""Bodies to be sealed: each another document, so that a signature on one is never taken for one on another."""

import io
import secrets
from functools import cache

from benchmarks.papers import notice
from yichuan.cli.files import font_set
from yichuan.lib.gongwen.typeset import typeset
from yichuan.lib.ofd.convert import pdf_to_ofd
from yichuan.lib.ofd.model import DocumentInfo


@cache
def _pdf(megabyte: bool) -> bytes:
    """The five pages; with `megabyte` the last bears a picture of noise of that size."""
    import pikepdf

    made = typeset(notice(12), font_set()).pdf
    if not megabyte:
        return made
    with pikepdf.open(io.BytesIO(made)) as pdf:
        image = pdf.make_stream(secrets.token_bytes(1000 * 1000))
        image.Type, image.Subtype, image.ColorSpace = pikepdf.Name.XObject, pikepdf.Name.Image, pikepdf.Name.DeviceGray
        image.Width, image.Height, image.BitsPerComponent = 1000, 1000, 8
        page = pdf.pages[-1]
        name = page.add_resource(image, pikepdf.Name.XObject)
        page.contents_add(f"q 100 0 0 100 60 60 cm {name} Do Q".encode())
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def body(number: int, *, megabyte: bool = False) -> bytes:
    """An unsealed OFD of five pages, of about a megabyte if asked."""
    return pdf_to_ofd(_pdf(megabyte), info=DocumentInfo(title=f"第{number}件"))
