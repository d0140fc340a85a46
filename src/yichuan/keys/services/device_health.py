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
    "soft": "master key from a file: the host restarts unattended",
    "soft-password": "master key from the operator's password",
    "pkcs11": "opened by its PIN: the host restarts unattended",
    "sdf": "opened by its access codes: the host restarts unattended",
}
_MEND = {
    "locked": "see docs/devices.md, what opens the device",
    "removed": "put the device back, or mend the path and the token's name in its address",
    "slow": "look at the device's own status lights and log; restart it",
    "failed": "look at the device's own log",
}


def device_health() -> str:
    """How the devices are, in a line. RuntimeError: what is wrong and what to do."""
    first = _line(settings.YICHUAN_KEYS_URL, device, {Ability.SM2, Ability.WRAPPING})
    if has_certificates():
        if not certificate_of(ROOT).public_key.verify(device().sign(ROOT, b"doctor"), b"doctor"):
            raise RuntimeError("the root key and its certificate do not belong together")
    else:
        first += "; no centre is opened yet"
    if not settings.YICHUAN_P256_KEYS_URL:
        return first
    return f"{first}. For P-256: {_line(settings.YICHUAN_P256_KEYS_URL, p256_device, {Ability.P256})}"


def has_certificates() -> bool:
    """Whether a centre is opened here: its root is the first certificate of all."""
    tables = connection.introspection.table_names()
    return IssuedCertificate._meta.db_table in tables and IssuedCertificate.objects.exists()


def _line(url: str, opened: Callable[[], KeyDevice], needed: set[Ability]) -> str:
    scheme, path = urlparse(url).scheme, Path(urlparse(url).path)
    if scheme.startswith("soft") and path.is_relative_to(settings.HOME):
        raise RuntimeError("the master key lies inside the data folder; a thief of the one has the other: move it")
    try:
        said = opened().describe()
    except DeviceError as error:
        mend = _MEND.get(error.code)
        raise RuntimeError(f"{scheme} device, {error.code}: {error}{f' ({mend})' if mend else ''}") from error
    if missing := needed - said.abilities:
        raise RuntimeError(
            f"{scheme} device {said.name} cannot do {' and '.join(sorted(missing))}, which a centre needs: name it in "
            "YICHUAN_P256_KEYS_URL alone, and a soft or SDF device in YICHUAN_KEYS_URL"
        )
    lacking = sorted(set(Ability) - said.abilities)
    cannot = f"; it cannot do: {', '.join(lacking)}" if lacking else ""
    return f"{scheme} device{f' {said.name}' if said.name else ''}, {said.model}; {_opening(scheme)}{cannot}"


def _opening(scheme: str) -> str:
    if scheme != "soft-shares":
        return _OPENED[scheme]
    state = asked(agent_path(), {"ask": "state"}) or {}
    return f"master key opened by {state.get('need', '?')} of {len(state.get('names', []))} operators at each start"
