"""The operators who open the device together: who they may be, what they open, and that they did."""

import secrets
from collections.abc import Sequence
from pathlib import Path

from yichuan.audit.services.record import record
from yichuan.common.characters import hides_something, skeleton
from yichuan.common.errors import Refused
from yichuan.common.secret_files import SecretFileError, kept_secret
from yichuan.common.transactions import command
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.devices.soft import SoftDevice, holds_keys
from yichuan.keys.shares import MOST

LONGEST_NAME = 20
MASTER_BYTES = 32


def require_names(names: Sequence[str], need: int) -> None:
    """Refuse operators whom nobody could tell apart, and more that are needed than there are."""
    for name in names:
        if not name.strip() or len(name) > LONGEST_NAME or hides_something(name):
            raise Refused("operator_name", f"值守人姓名要有 1 至 {LONGEST_NAME} 个字，不能有看不见的字符。")
    if len({skeleton(name) for name in names}) != len(names):
        raise Refused("operator_twice", "有两位值守人的姓名相同或者看上去相同，请加以区别。")
    if not need <= len(names) <= MOST:
        raise Refused("operator_count", f"值守人要有 {need} 至 {MOST} 位，现在是 {len(names)} 位。")


def master_to_split(source: Path | None) -> bytes:
    """The master key that is to be put under operators: the one of the file, or a new one where no keys lie yet."""
    if source is None:
        if holds_keys():
            raise Refused("master_needed", "数据库里已有密钥。请用 --from 指明它们的主密钥文件，否则这些密钥会丢失。")
        return secrets.token_bytes(MASTER_BYTES)
    if not source.exists():
        raise Refused("master_needed", f"没有 {source} 这个文件。")
    try:
        master = kept_secret(source)
        SoftDevice(master).describe()
    except (SecretFileError, DeviceError) as error:
        raise Refused("master_wrong", f"{source} 不是这个数据库的主密钥，没有生成值守文件。（{error}）") from error
    return master


def note_opened(names: Sequence[str]) -> None:
    """Write down who opened the device. A command."""
    with command():
        record(verb="keys.open_device", actor=None, detail={"operators": list(names)})
