"""The national emblem's drawing: a file of the site (`YICHUAN_EMBLEM`), read as a stranger's; none is shipped."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from yichuan.common.errors import Refused
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.imprint import Emblem

MOST_BYTES = 2 * 2**20


def emblem() -> Emblem:
    """The site's drawing. Raises `Refused` with the remedy where there is none, or none that can be read."""
    path = settings.YICHUAN_EMBLEM
    if not path:
        raise Refused(
            "no_emblem",
            "按规定，这枚印章中央刊国徽，本中心还没有国徽图样，不能绘制。请系统管理员把国徽图样（SVG 文件）放到"
            "服务器上，并把它的位置写进 YICHUAN_EMBLEM；也可以上传实物公章的扫描件来制作。",
        )
    try:
        file = Path(path)
        return _read(str(file), file.stat().st_mtime_ns)
    except (OSError, UnicodeDecodeError, GongwenError) as error:
        raise Refused(
            "bad_emblem", "国徽图样文件打不开或者不能用，不能绘制。请系统管理员检查 YICHUAN_EMBLEM 指的文件。"
        ) from error


@lru_cache(maxsize=2)
def _read(path: str, _changed: int) -> Emblem:
    with Path(path).open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise OSError(f"{path} has over {MOST_BYTES} bytes")
    return Emblem.from_svg(data.decode())
