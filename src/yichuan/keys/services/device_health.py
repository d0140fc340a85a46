"""What the key devices are, how they open, what they cannot do, and what to mend: for `yichuan doctor`."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlparse

from django.conf import settings
from django.db import connection

from yichuan.keys.agent import asked
from yichuan.keys.devices.base import Ability, DeviceError, KeyDevice
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.device import agent_path, device, p256_device
from yichuan.keys.services.registry import ROOT, certificate_of

_OPENED = {
    "soft": "主密钥取自文件：重启无须值守",
    "soft-password": "主密钥由值守人的口令打开",
    "pkcs11": "由 PIN 打开：重启无须值守",
    "sdf": "由访问控制码打开：重启无须值守",
}
_MEND = {
    "locked": "怎样打开见 docs/devices.md",
    "removed": "请插回设备，或者改正地址里的路径和令牌名",
    "slow": "请看设备的指示灯和日志，重启设备",
    "failed": "请看设备自己的日志",
}


def device_health() -> str:
    """How the devices are, in a line. RuntimeError: what is wrong and what to do."""
    first = _line(settings.YICHUAN_KEYS_URL, device, {Ability.SM2, Ability.WRAPPING})
    if has_certificates():
        if not certificate_of(ROOT).public_key.verify(device().sign(ROOT, b"doctor"), b"doctor"):
            raise RuntimeError("根密钥和根证书不是一对")
    else:
        first += "；还没有开通中心"
    if not settings.YICHUAN_P256_KEYS_URL:
        return first
    return f"{first}。P-256：{_line(settings.YICHUAN_P256_KEYS_URL, p256_device, {Ability.P256})}"


def has_certificates() -> bool:
    """Whether a centre is opened here: its root is the first certificate of all."""
    tables = connection.introspection.table_names()
    return IssuedCertificate._meta.db_table in tables and IssuedCertificate.objects.exists()


def _line(url: str, opened: Callable[[], KeyDevice], needed: set[Ability]) -> str:
    scheme, path = urlparse(url).scheme, Path(urlparse(url).path)
    if scheme.startswith("soft") and path.is_relative_to(settings.HOME):
        raise RuntimeError("主密钥放在数据文件夹里，偷走一个就得到两个：请移走")
    try:
        said = opened().describe()
    except DeviceError as error:
        mend = _MEND.get(error.code)
        raise RuntimeError(f"{scheme} 设备，{error.code}：{error}{f'（{mend}）' if mend else ''}") from error
    if missing := needed - said.abilities:
        raise RuntimeError(
            f"{scheme} 设备 {said.name} 不能做：{'、'.join(sorted(missing))}，而中心要用："
            "请把它只写在 YICHUAN_P256_KEYS_URL，YICHUAN_KEYS_URL 写 soft 或者 SDF 设备"
        )
    lacking = sorted(set(Ability) - said.abilities)
    cannot = f"；不能做：{'、'.join(lacking)}" if lacking else ""
    return f"{scheme} 设备{f' {said.name}' if said.name else ''}，{said.model}；{_opening(scheme)}{cannot}"


def _opening(scheme: str) -> str:
    if scheme != "soft-shares":
        return _OPENED[scheme]
    state = asked(agent_path(), {"ask": "state"}) or {}
    return f"主密钥每次启动由 {len(state.get('names', []))} 位值守人中的 {state.get('need', '?')} 位打开"
