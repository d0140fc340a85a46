"""One POST to an office system: one resolved address, no redirect followed, little time, little read of the answer."""

import http.client
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass

from yichuan.interface.hook_addresses import Address, NotThere, resolved

SECONDS = 5  # for all of it
READ = 4096  # bytes of an answer; what it says does not matter


@dataclass(frozen=True)
class Outcome:
    """`status` is the answer's, None where there was none; `error` says what was wrong, empty where it was taken."""

    status: int | None
    error: str = ""


def post(address: Address, headers: dict[str, str], body: bytes) -> Outcome:
    """Tell an office system, once. No database and no lock is used here. Never raises on what the other side does."""
    if not address.named:
        return Outcome(None, "中心没有登记这个主机。")
    try:
        plain = socket.create_connection((resolved(address), address.port), SECONDS)
    except NotThere:
        return Outcome(None, "这个主机没有可用的地址。")
    except OSError:
        return Outcome(None, "连接不上。")
    handle = plain.dup()  # the connection itself, also while TLS has the socket
    over = threading.Timer(SECONDS, _end, [handle])  # whoever answers byte by byte does not keep us
    over.start()
    try:
        status = _asked(plain, address, headers, body)
    except ssl.SSLCertVerificationError:
        return Outcome(None, "对方的证书不可信。")
    except (OSError, http.client.HTTPException, ValueError):
        return Outcome(None, f"没有在 {SECONDS} 秒内完整应答。")
    finally:
        over.cancel()
        handle.close()
        plain.close()
    if 200 <= status < 300:
        return Outcome(status)
    moved = "，不跟随转向" if 300 <= status < 400 else ""
    return Outcome(status, f"应答的状态是 {status}{moved}。")


def _asked(plain: socket.socket, address: Address, headers: dict[str, str], body: bytes) -> int:
    connection: http.client.HTTPConnection
    if address.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(address.host, address.port, timeout=SECONDS, context=context)
        connection.sock = context.wrap_socket(plain, server_hostname=address.host)
    else:
        connection = http.client.HTTPConnection(address.host, address.port, timeout=SECONDS)
        connection.sock = plain
    try:
        connection.request("POST", address.target, body, headers)
        answer = connection.getresponse()
        answer.read(READ)
        return answer.status
    finally:
        connection.close()


def _end(handle: socket.socket) -> None:
    with suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)
