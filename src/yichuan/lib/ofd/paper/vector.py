"""Vector pictures (SVG of plain shapes, checked before) as forms."""

import io

import pikepdf
import typst
from pikepdf import Array, Name, Object

from ..errors import OfdError
from ..scene.model import Picture

_SOURCE = (
    b"#set page(width: auto, height: auto, margin: 0pt, fill: none)\n"
    b'#image(bytes(sys.inputs.svg), format: "svg", width: 100pt, height: 100pt, fit: "stretch")'
)
_SIDE = 100


def vector_form(pdf: pikepdf.Pdf, picture: Picture) -> Object:
    """The picture as a form over the unit square. Raises OfdError `image_unsupported`."""
    try:
        text = picture.data.decode("utf-8-sig")
        drawn = typst.compile(_SOURCE, format="pdf", sys_inputs={"svg": text}, ignore_system_fonts=True)
    except (UnicodeDecodeError, typst.TypstError) as error:
        raise OfdError("image_unsupported", "A vector picture cannot be read.") from error
    with pikepdf.open(io.BytesIO(drawn)) as source:
        form = pdf.copy_foreign(source.pages[0].as_form_xobject())
    form.Matrix = Array([1 / _SIDE, 0, 0, 1 / _SIDE, 0, 0])
    form.Type = Name.XObject
    return form
