"""The faces of an official document: which font file plays which role, and how wide its characters are.

GB/T 9704-2012 names 仿宋, 黑体, 楷体, 宋体 and 小标宋. A site's own folder is searched first, by family name, and
wins; the cache made by ``scripts/fonts.py`` fills the rest. Characters a face lacks fall back, one by one, to
Noto Serif SC, which holds all 8,105 characters of 通用规范汉字表, then to any other font in the folders, such as a
site's 宋体-ExtB.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from io import BytesIO
from pathlib import Path

import typst
from fontTools.pens.basePen import AbstractPen
from fontTools.ttLib import TTFont

from yichuan.lib.gongwen.errors import FontsMissing

ROLES = ("fangsong", "heiti", "kaiti", "songti", "xiaobiaosong")

# The family names of each role, best first, compared without case, blanks and hyphens as prefixes of the names that
# a font file carries in any language.
_FAMILIES = {
    "fangsong": "方正仿宋 FZFangSong 仿宋_GB2312 FangSong_GB2312 仿宋 FangSong STFangsong FandolFang",
    "heiti": "方正黑体 FZHei 黑体 SimHei STHeiti FandolHei",
    "kaiti": "方正楷体 FZKai 楷体_GB2312 KaiTi_GB2312 楷体 KaiTi STKaiti 霞鹜文楷 LXGWWenKai FandolKai",
    "songti": "方正书宋 FZShuSong 宋体 SimSun STSong FandolSong",
    "xiaobiaosong": "方正小标宋 FZXiaoBiaoSong 小标宋 NotoSerifSC",
}
_BOLD = 700  # the weight of Noto Serif SC that stands in for 小标宋
BOLD_ROLES = ("heiti", "xiaobiaosong")  # whose missing characters come from the bold spare: they are dark faces
_EVERYDAY = "关于的通知〔〕，。0"
_FALLBACK = "Noto Serif SC"
_REMEDY = "run scripts/fonts.py (make setup does), or name a folder that holds them by YICHUAN_FONTS"
_outline_lock = threading.Lock()


@dataclass(frozen=True)
class Face:
    """One font file as the typesetter knows it: ``family`` and ``weight`` are typst's words for it."""

    family: str
    weight: int
    path: Path
    index: int

    @cached_property
    def advances(self) -> dict[int, float]:
        """Code point → advance width in em, of every character in the face."""
        with _open(self.path, self.index) as font:
            units = font["head"].unitsPerEm
            metrics = font["hmtx"]
            return {code: metrics[glyph][0] / units for code, glyph in font.getBestCmap().items()}

    def has(self, char: str) -> bool:
        return ord(char) in self.advances

    @cached_property
    def _outlines(self) -> TTFont:
        # Held in memory, since outlines are asked for long after the file was opened.
        return TTFont(BytesIO(self.path.read_bytes()), fontNumber=self.index, lazy=True)

    def draw(self, char: str, pen: AbstractPen) -> None:
        """Draw a character's outline in units of 1/``units_per_em`` em, y upwards."""
        with _outline_lock:
            font = self._outlines
            font.getGlyphSet()[font.getBestCmap()[ord(char)]].draw(pen)

    @property
    def units_per_em(self) -> int:
        with _outline_lock:
            return int(self._outlines["head"].unitsPerEm)


@dataclass(frozen=True)
class FontSet:
    """The faces of one installation; made once by ``find`` and shared by all threads."""

    faces: dict[str, Face]
    fallback: dict[int, Face]
    typst_fonts: typst.Fonts
    others: tuple[Face, ...] = ()

    @classmethod
    def find(cls, site: Path | None, cache: Path) -> FontSet:
        """Search the site's own folder first, then the cache; sub-folders are searched too.

        :raises FontsMissing: naming the roles for which neither folder has a face.
        """
        folders = tuple(str(folder) for folder in (site, cache) if folder is not None and folder.is_dir())
        if site is not None and str(site) not in folders:
            raise FontsMissing((), f"the folder of the site's own fonts, {site}, is not there; correct YICHUAN_FONTS")
        return _find(folders)

    def families(self, role: str) -> list[str]:
        """The family names to hand to typst: the role's face, then those that its missing characters come from."""
        return list(dict.fromkeys(face.family for face in (self.faces[role], *self._spares(role))))

    def face_for(self, role: str, char: str) -> Face | None:
        """The face that will show the character in this role, or None when no font has it."""
        own = self.faces[role]
        return own if own.has(char) else next((face for face in self._spares(role) if face.has(char)), None)

    def _spares(self, role: str) -> Iterator[Face]:
        spare = self.fallback.get(_BOLD if role in BOLD_ROLES else 400)
        if spare is not None:
            yield spare
        yield from self.faces.values()
        yield from self.others

    def advance(self, role: str, char: str) -> float:
        """The character's width in em in this role; a character without a face counts as one em."""
        face = self.face_for(role, char)
        return face.advances[ord(char)] if face is not None else 1.0

    @property
    def seal_face(self) -> Face:
        """The face of a seal's name: bold 宋体 where there is one, the 小标宋 otherwise."""
        return self.fallback.get(_BOLD) or self.faces["xiaobiaosong"]


def _open(path: Path, index: int) -> TTFont:
    """A font for a moment's reading; a collection's fonts are told apart by ``index``."""
    return TTFont(path, fontNumber=index, lazy=True)


def _fold(name: str) -> str:
    return name.replace(" ", "").replace("-", "").casefold()


@lru_cache(maxsize=256)
def _names(path: str, index: int) -> frozenset[str]:
    """Every family and full name in the file, in all its languages, folded."""
    with _open(Path(path), index) as font:
        found = {record.toUnicode(errors="ignore") for record in font["name"].names if record.nameID in (1, 4, 16)}
    return frozenset(_fold(name) for name in found if name)


def _best(role: str, faces: Iterable[Face]) -> Face | None:
    candidates = list(faces)
    for family in _FAMILIES[role].split():
        wanted = _fold(family)
        fitting = [
            face
            for face in candidates
            if any(name.startswith(wanted) for name in _names(str(face.path), face.index) | {_fold(face.family)})
        ]
        # A face of rare characters only (宋体-ExtB) bears the same name and can set nothing.
        fitting = [face for face in fitting if all(face.has(char) for char in _EVERYDAY)]
        if fitting:
            weight = _BOLD if family == "NotoSerifSC" else 400
            return min(fitting, key=lambda face: abs(face.weight - weight))
    return None


@lru_cache(maxsize=8)
def _find(folders: tuple[str, ...]) -> FontSet:
    loaded = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders))
    faces = [Face(info.family, info.weight, Path(info.path), info.index) for info in loaded.fonts() if info.path]
    chosen: dict[str, Face] = {}
    for folder in folders:
        here = [face for face in faces if face.path.is_relative_to(folder)]
        for role in ROLES:
            if role not in chosen and (best := _best(role, here)) is not None:
                chosen[role] = best
    missing = tuple(role for role in ROLES if role not in chosen)
    if missing:
        places = " or ".join(folders) or "the font cache, which is empty"
        raise FontsMissing(missing, f"no font for {', '.join(missing)} in {places}; {_REMEDY}")
    fallback = {face.weight: face for face in faces if face.family == _FALLBACK and face.weight in (400, _BOLD)}
    used = {face.path for face in (*chosen.values(), *fallback.values())}
    return FontSet(chosen, fallback, loaded, tuple(face for face in faces if face.path not in used))
