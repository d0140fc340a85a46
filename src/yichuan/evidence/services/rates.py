"""Verifying is open to everybody in the network, so each address may have only so much of it."""

import ipaddress
from datetime import timedelta

from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.transactions import command
from yichuan.evidence.models import AddressLooks

FILES_A_MINUTE = 30
WINDOW = timedelta(minutes=1)
ONE_LINE = 64
"""So many bits of an IPv6 address are the line's; the rest its holder chooses."""


class TooMany(Refused):
    """More than an address may have in a minute."""

    status = 429


def take_turn(address: str, files: int) -> None:
    """Count files before they are looked at. A command. Raises TooMany; then none of them counts."""
    address = _line(address)
    with command():
        now = clock.now()
        AddressLooks.objects.get_or_create(address=address, defaults={"since": now})
        looks = AddressLooks.objects.select_for_update().get(pk=address)
        if looks.since <= now - WINDOW:
            looks.since, looks.files = now, 0
        if looks.files + files > FILES_A_MINUTE:
            raise TooMany("too_many", f"核验太频繁：每分钟最多 {FILES_A_MINUTE} 个文件。请过一分钟再核验。")
        looks.files += files
        looks.save(update_fields=["since", "files"])


def _line(address: str) -> str:
    if ":" not in address:
        return address
    return str(ipaddress.ip_network(f"{address}/{ONE_LINE}", strict=False).network_address)


def forget_looks() -> int:
    """Clear away what lies longer back than it counts; how many. For the ticker."""
    return AddressLooks.objects.filter(since__lte=clock.now() - WINDOW).delete()[0]
