"""What a file is, by its first bytes; a name that says otherwise is refused."""

from pathlib import PurePath

from django.conf import settings

from yichuan.common.errors import Invalid

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# ending → (first bytes, media type); None: text, which must decode
_KINDS: dict[str, tuple[tuple[bytes, ...] | None, str]] = {
    ".ofd": ((_ZIP,), "application/ofd"),
    ".pdf": ((b"%PDF-",), "application/pdf"),
    ".ceb": ((b"Founder CEB",), "application/x-ceb"),
    ".docx": ((_ZIP,), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".xlsx": ((_ZIP,), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".pptx": ((_ZIP,), "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ".doc": ((_OLE,), "application/msword"),
    ".xls": ((_OLE,), "application/vnd.ms-excel"),
    ".ppt": ((_OLE,), "application/vnd.ms-powerpoint"),
    ".wps": ((_OLE, _ZIP), "application/vnd.ms-works"),
    ".et": ((_OLE, _ZIP), "application/vnd.ms-excel"),
    ".zip": ((_ZIP,), "application/zip"),
    ".png": ((b"\x89PNG\r\n\x1a\n",), "image/png"),
    ".jpg": ((b"\xff\xd8\xff",), "image/jpeg"),
    ".jpeg": ((b"\xff\xd8\xff",), "image/jpeg"),
    ".tif": ((b"II*\x00", b"MM\x00*"), "image/tiff"),
    ".tiff": ((b"II*\x00", b"MM\x00*"), "image/tiff"),
    ".txt": (None, "text/plain"),
    ".csv": (None, "text/csv"),
}  # fmt: skip
_NAMES = (
    (b"%PDF-", "PDF"),
    (_ZIP, "压缩包类文件"),
    (_OLE, "旧版 Office 文件"),
    (b"MZ", "可执行程序"),
    (b"\x89PNG", "PNG 图片"),
)


def recognise(name: str, data: bytes, *, only: str = "") -> str:
    """The media type. Raises `Invalid` for `file`: too large, empty, not taken, or not what it is called."""
    if not data:
        raise Invalid({"file": f"「{name}」是空文件，没有保存。"})
    if len(data) > settings.YICHUAN_UPLOAD_LIMIT:
        raise Invalid(
            {"file": f"「{name}」太大，每个文件不超过 {settings.YICHUAN_UPLOAD_LIMIT // 2**20} MB，没有保存。"}
        )
    ending = PurePath(name).suffix.lower()
    if only and ending != only:
        raise Invalid({"file": f"请选择 {only} 文件，「{name}」不是。"})
    if ending not in _KINDS:
        raise Invalid({"file": f"不接收「{ending or name}」类型的文件。可以用：{'、'.join(_KINDS)}。"})
    first_bytes, media_type = _KINDS[ending]
    if not (_is_text(data) if first_bytes is None else data.startswith(first_bytes)):
        really = next((said for start, said in _NAMES if data.startswith(start)), "别的内容")
        raise Invalid({"file": f"「{name}」的名称说是 {ending} 文件，内容却是{really}，没有保存。请检查后重新选择。"})
    return media_type


def _is_text(data: bytes) -> bool:
    if b"\x00" in data:
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
