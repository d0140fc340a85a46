"""The machine that a request comes from: its address, what kind of browser it is, the device it is bound to."""

import ipaddress
import re
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from yichuan.lib.gm.sm3 import sm3
from yichuan.people.models import Device

COOKIE = "yichuan_device"
COOKIE_LASTS = 400 * 24 * 3600  # as long as browsers keep one; every login begins it anew

_BROWSERS = (
    ("Edge", r"Edg/(\d+)"),
    ("360", r"360[SE]E"),
    ("Firefox", r"Firefox/(\d+)"),
    ("Chrome", r"Chrome/(\d+)"),
    ("Safari", r"Version/(\d+).* Safari/"),
)
_SYSTEMS = (
    ("统信 UOS", "UOS"),
    ("麒麟", "Kylin"),
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iOS", "iPhone|iPad"),
    ("macOS", "Mac OS X"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Client:
    """Where somebody sits."""

    address: str
    agent: str
    device: Device | None


def client_of(request: HttpRequest) -> Client:
    """What is known of the machine behind the request."""
    return Client(address_of(request), _agent(request.headers.get("User-Agent", "")), device_of(request))


def address_of(request: HttpRequest) -> str:
    """The address of the browser. What a proxy says of it counts only from a proxy of `YICHUAN_TRUSTED_PROXIES`."""
    address = _address(request.META.get("REMOTE_ADDR", ""))
    said = request.headers.get("X-Forwarded-For", "").split(",")
    while _trusted(address) and said and (before := _address(said.pop())):
        address = before
    return address


def _address(text: str) -> str:
    try:
        parsed = ipaddress.ip_address(text.strip())
    except ValueError:
        return ""
    plain = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return str(plain or parsed).partition("%")[0]


def _trusted(address: str) -> bool:
    return bool(address) and any(
        ipaddress.ip_address(address) in ipaddress.ip_network(proxy) for proxy in settings.YICHUAN_TRUSTED_PROXIES
    )


def _agent(header: str) -> str:
    """The browser and the system in a few words: enough for its owner to know it again."""
    browser = next(
        (
            " ".join([name, *found.groups()])
            for name, pattern in _BROWSERS
            if (found := re.search(pattern, header[:500]))
        ),
        "其他浏览器",
    )
    system = next((name for name, pattern in _SYSTEMS if re.search(pattern, header[:500])), "其他系统")
    return f"{browser}，{system}"


def device_of(request: HttpRequest) -> Device | None:
    """The registered device to whose binding this browser's cookie belongs."""
    secret = request.COOKIES.get(COOKIE, "")
    if not 20 <= len(secret) <= 100:
        return None
    return Device.objects.filter(binding_digest=digest(secret), retired_at=None).select_related("user").first()


def digest(secret: str) -> str:
    """What is kept of a cookie or a code. Both are random, so one round is enough."""
    return sm3(secret.encode()).hex()


def new_secret() -> str:
    """256 random bits for a cookie."""
    return secrets.token_urlsafe(32)


def set_cookie(response: HttpResponseBase, secret: str) -> None:
    """Give this browser the binding; scripts cannot read it."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=COOKIE_LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
