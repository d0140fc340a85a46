"""What a file is, by its first bytes; a name that says otherwise is refused."""

from dataclasses import dataclass
from pathlib import PurePath

from django.conf import settings

from yichuan.common.errors import Invalid
from yichuan.lib.kinds import container_of, is_text

# ending → (containers as lib.kinds names them, media type)
_KINDS: dict[str, tuple[tuple[str, ...], str]] = {
    ".ofd": (("zip",), "application/ofd"),
    ".pdf": (("pdf",), "application/pdf"),
    ".ceb": (("ceb",), "application/x-ceb"),
    ".docx": (("zip",), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".xlsx": (("zip",), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".pptx": (("zip",), "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ".doc": (("ole",), "application/msword"),
    ".xls": (("ole",), "application/vnd.ms-excel"),
    ".ppt": (("ole",), "application/vnd.ms-powerpoint"),
    ".wps": (("ole", "zip"), "application/vnd.ms-works"),
    ".et": (("ole", "zip"), "application/vnd.ms-excel"),
    ".zip": (("zip",), "application/zip"),
    ".png": (("png",), "image/png"),
    ".jpg": (("jpeg",), "image/jpeg"),
    ".jpeg": (("jpeg",), "image/jpeg"),
    ".tif": (("tiff",), "image/tiff"),
    ".tiff": (("tiff",), "image/tiff"),
    ".txt": (("text",), "text/plain"),
    ".csv": (("text",), "text/csv"),
}
_NAMES = {
    "pdf": "PDF",
    "zip": "压缩包类文件",
    "ole": "旧版 Office 文件",
    "program": "可执行程序",
    "png": "PNG 图片",
}


HEAD = 64
"""How many first bytes tell a container."""


@dataclass(frozen=True)
class Seen:
    """What passed by of a file: its size in bytes, its first bytes, and whether all of it is text."""

    size: int
    head: bytes
    text: bool


def recognise(name: str, data: bytes, *, only: str = "") -> str:
    """The media type. Raises `Invalid` for `file`: too large, empty, not taken, or not what it is called."""
    # Only what is called text is read to its end.
    text = "text" in _KINDS.get(_ending(name), ((), ""))[0] and is_text(data)
    return recognise_seen(name, Seen(len(data), data[:HEAD], text), most=settings.YICHUAN_UPLOAD_LIMIT, only=only)


def recognise_seen(name: str, seen: Seen, *, most: int, only: str = "") -> str:
    """`recognise` for a file that was seen in pieces, of at most `most` bytes."""
    if not seen.size:
        raise Invalid({"file": f"「{name}」是空文件，没有保存。"})
    if seen.size > most:
        raise Invalid({"file": f"「{name}」太大，每个文件不超过 {most // 2**20} MB，没有保存。"})
    ending = _ending(name)
    if only and ending != only:
        raise Invalid({"file": f"请选择 {only} 文件，「{name}」不是。"})
    require_taken(name)
    containers, media_type = _KINDS[ending]
    fits = seen.text if "text" in containers else container_of(seen.head) in containers
    if not fits:
        really = _NAMES.get(container_of(seen.head), "别的内容")
        raise Invalid({"file": f"「{name}」的名称说是 {ending} 文件，内容却是{really}，没有保存。请检查后重新选择。"})
    return media_type


def require_taken(name: str) -> None:
    """Refuse a name whose ending is of no kind that is taken, before anything of the file has arrived."""
    if _ending(name) not in _KINDS:
        raise Invalid({"file": f"不接收「{_ending(name) or name}」类型的文件。可以用：{'、'.join(_KINDS)}。"})


def _ending(name: str) -> str:
    return PurePath(name).suffix.lower()
