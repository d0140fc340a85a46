"""The certificate of the browser's TLS connection, in a header of the trusted reverse proxy (docs/certificates.md).

Off unless `YICHUAN_TLS_CLIENT_HEADER` names the header and `YICHUAN_TRUSTED_PROXIES` the proxies. From anybody else
the header is ignored, and that it came is logged.
"""

import base64
import binascii
import ipaddress
import logging
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import HttpRequest

from yichuan.common.errors import Refused
from yichuan.keys.services.check import LONGEST
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.x509 import Certificate


def switched_on() -> bool:
    """Whether this centre takes certificates from its reverse proxy."""
    return bool(settings.YICHUAN_TLS_CLIENT_HEADER and settings.YICHUAN_TRUSTED_PROXIES)


def presented(request: HttpRequest) -> bytes | None:
    """The certificate (DER) that came with the connection; None where there is none, or nobody to be believed."""
    if not switched_on():
        return None
    said = request.headers.get(settings.YICHUAN_TLS_CLIENT_HEADER, "")
    if not said:
        return None
    if not _from_proxy(request):
        logging.getLogger("yichuan.people").warning(
            "%s came from %s, which is not a trusted proxy; it is ignored",
            settings.YICHUAN_TLS_CLIENT_HEADER,
            request.META.get("REMOTE_ADDR", ""),
        )
        return None
    return _read(said)


def _from_proxy(request: HttpRequest) -> bool:
    try:
        peer = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(peer in ipaddress.ip_network(each) for each in settings.YICHUAN_TRUSTED_PROXIES)


def _read(said: str) -> bytes:
    """PEM with percent signs (nginx `$ssl_client_escaped_cert`), or DER in base64 (RFC 9440, its colons or none)."""
    try:
        if len(said) > LONGEST * 2:
            raise ValueError("longer than any certificate")
        if "BEGIN" in said:
            return Certificate.from_pem(unquote_to_bytes(said)).der
        return base64.b64decode(said.strip().strip(":"), validate=True)
    except (GmError, binascii.Error, ValueError) as error:
        raise Refused("certificate_unreadable", "反向代理送来的证书读不出，请告知运行管理员检查代理的设置。") from error
