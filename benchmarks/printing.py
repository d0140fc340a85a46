"""Pages as PDF and PNG, and print files: numbered originals of five pages, each page with its QR."""

from datetime import timedelta, timezone

from benchmarks import originals
from benchmarks.measure import Figure, figure, rate
from benchmarks.papers import NOW, five_pages, office
from yichuan.cli.files import font_set
from yichuan.lib.gongwen.font_roles import resolver
from yichuan.lib.gongwen.print_stamp import CopyStamp, print_file
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.paper import ofd_to_pdf, page_to_png
from yichuan.lib.ofd.scene.reader import SceneReader

_QR = "YC1|江府办〔2008〕45号|3/5|市环保局|2008-05-26T09:41|" + "0" * 32 + "|" + "1" * 32 + "|" + "A" * 86


def figures() -> list[Figure]:
    """Pages and copies a second; the reference of drawing is reading the page, that of a print is drawing its pages."""
    fonts = font_set()
    stand_ins = resolver(fonts)
    sealed = office().sealed(five_pages(), 4)
    stamp = CopyStamp(3, 5, "江门市环境保护局", "江府办〔2008〕45号", NOW.astimezone(timezone(timedelta(hours=8))), _QR)
    pages = ofd_to_pdf(Package.open(sealed), fonts=stand_ins, printing=True)

    def read() -> None:
        reader = SceneReader(Package.open(sealed), fonts=stand_ins)
        for index in range(5):
            reader.scene(index)

    reads = 5 * rate(read)
    draws = 5 * rate(lambda: ofd_to_pdf(Package.open(sealed), fonts=stand_ins))
    pictures = rate(lambda: page_to_png(Package.open(sealed), 1, fonts=stand_ins))
    copies = rate(lambda: print_file(pages, [stamp], fonts))
    return [
        figure("PDF of our documents", draws, "pages/s", "read the pages", reads),
        figure("PNG of a page, 150 dpi", pictures, "pages/s", "PDF", draws),
        figure("print of 5 pages with QR", copies, "/s", "PDF of 5 pages", draws / 5),
        *originals.figures(),
    ]
