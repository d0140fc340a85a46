"""Which addresses office systems may be told at: those whose host the operator named, and nothing near them.

`YICHUAN_HOOK_HOSTS` names `host` (its port 443) or `host:port`, with commas. Without it nobody is told anything. The
addresses of an internal network are where office systems are, so they are not refused by their range; what no office
system ever is (link-local, where clouds keep their secrets; multicast; the loopback under another name) is.
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from yichuan.common.errors import Invalid

LONGEST = 300
LOOPBACK = ("127.0.0.1", "::1", "localhost")
PORTS = {"https": 443, "http": 80}


class NotThere(Exception):
    """The host has no address that may be called."""


@dataclass(frozen=True)
class Address:
    """An address that may be called: where, and what is asked for there."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def place(self) -> str:
        """As the operator names it, the port always with it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def named(self) -> bool:
        """Whether the operator names it today."""
        hosts = [each.lower() for each in settings.YICHUAN_HOOK_HOSTS]
        return self.place in hosts or (self.port == PORTS["https"] and self.place.rpartition(":")[0] in hosts)


def address_of(url: str) -> Address:
    """What the address says. Raises `Invalid` for `url` where it is none that may be called."""
    if not 0 < len(url) <= LONGEST or not all("!" <= each <= "~" for each in url):
        raise Invalid({"url": f"回调地址应在 1 到 {LONGEST} 个英文字符之间，不含空格。"})
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port or PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise Invalid({"url": "回调地址写得不对，请写成 https://主机/路径。"}) from error
    if not host or (parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK)):
        raise Invalid({"url": "回调地址应以 https:// 开头（本机可以用 http://）。"})
    if "@" in parts.netloc or parts.fragment or "\\" in url:
        raise Invalid({"url": "回调地址里不要写用户名、密码、反斜杠和 # 后面的部分。"})
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Address(parts.scheme, host, port, target)


def checked(url: str) -> Address:
    """The same, of a host that the operator named. Raises `Invalid` for `url`."""
    found = address_of(url)
    if not found.named:
        raise Invalid({"url": f"本中心没有登记主机 {found.place}，请中心的运维人员先登记再添加回调。"})
    return found


def resolved(address: Address) -> str:
    """The one numeric address that is called, so that a name cannot lead elsewhere between look and call.

    Raises `NotThere`.
    """
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotThere(address.host) from error
    for *_, place in found:
        number = ipaddress.ip_address(str(place[0]).partition("%")[0])
        number = getattr(number, "ipv4_mapped", None) or number
        never = number.is_link_local or number.is_multicast or number.is_unspecified or number.is_reserved
        if number.is_loopback != (address.host in LOOPBACK) or (never and not number.is_loopback):
            continue
        return str(place[0])
    raise NotThere(address.host)
