"""Typesetting, converting, sealing and verifying, one document after the other on one core."""

from itertools import count

import typst

from benchmarks.measure import Figure, figure, rate
from benchmarks.papers import NOW, five_pages, notice, office
from yichuan.cli.files import font_set
from yichuan.lib.gongwen.typeset import typeset
from yichuan.lib.ofd.convert import pdf_to_ofd
from yichuan.lib.ofd.model import DocumentInfo
from yichuan.lib.ofd.verifying import verify


def figures() -> list[Figure]:
    """Documents a second; the references are what the engine or the mathematics alone would take."""
    return [*_making(), *_sealing()]


def _making() -> list[Figure]:
    fonts = font_set()
    numbers = count(1)
    if (pages := typeset(notice(3), fonts).pages) != 2:
        raise RuntimeError(f"the document of this benchmark has {pages} pages, not two")

    def both() -> None:
        document = notice(3, next(numbers))
        pdf_to_ofd(typeset(document, fonts).pdf, info=DocumentInfo(title=document.title))

    empty = b"#pagebreak()\n"
    engine = typst.Compiler(empty, font_paths=fonts.typst_fonts)
    bare = rate(lambda: engine.compile(empty, format="pdf"))
    typesets = rate(lambda: typeset(notice(3, next(numbers)), fonts))
    return [
        figure("typeset, 2 pages", typesets, "/s", "typst, as many empty pages", bare),
        figure("typeset and PDF to OFD, 2 pages", rate(both), "/s", "typst, as many empty pages", bare),
    ]


def _sealing() -> list[Figure]:
    body, unit = five_pages(), office()
    sealed = unit.sealed(body, 4)
    if not verify(sealed, trust=[unit.root], at=NOW).valid_and_trusted:
        raise RuntimeError("the sealed document of this benchmark does not verify")
    signature = unit.key.sign(sealed[:200])
    signs = rate(lambda: unit.key.sign(sealed[:200]))
    verifies = rate(lambda: unit.key.public.verify(signature, sealed[:200]))
    seals = rate(lambda: unit.sealed(body, 4))
    checks = rate(lambda: verify(sealed, trust=[unit.root], at=NOW))
    return [
        figure("seal, 5 pages", seals, "/s", "SM2 signs", signs),
        figure("verify, 5 pages", checks, "/s", "SM2 verifies", verifies),
    ]
