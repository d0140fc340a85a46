"""What the password of a verification seal opened, for the one press for which it was typed (J-34).

The page asks whether there will be a file before a window opens for it. What the password opened goes back with the
answer, wrapped by the device and bound to seal, holder, press and time, and comes with the second request in the
password's place: stretched once, and not in the form that a browser keeps to reload the window. It makes the numbers of
this press and no others, however often; the centre keeps nothing of it, and nobody reads it outside.
"""

import re
from datetime import UTC, datetime

from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.exchange.services.print_numbers import AGAIN_AT_MOST
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.services.device import device, unavailable
from yichuan.keys.services.wrapping import wrap_under
from yichuan.seals.models import VerificationSeal

LABEL = "exchange:print-ticket"
WRITTEN = re.compile(r"([0-9]{1,11})\.((?:[0-9a-f]{2}){16,256})")


def ticket_for(press: str, kept: VerificationSeal, secret: bytes) -> str:
    """The ticket of a press. A device call: outside of any transaction."""
    at = int(clock.now().timestamp())
    return f"{at}.{wrap_under(LABEL, secret, _context(press, kept, at)).hex()}"


def from_ticket(ticket: str, press: str, kept: VerificationSeal) -> bytes:
    """What the password opened. Refused `print_ticket` on `password` after ten minutes, and where it is another
    press's; `Unavailable` where the device is away. A device call."""
    written = WRITTEN.fullmatch(ticket)
    if written is None:
        raise _over()
    at = int(written[1])
    if abs(clock.now() - datetime.fromtimestamp(at, UTC)) > AGAIN_AT_MOST:
        raise _over()
    try:
        return device().unwrap(LABEL, bytes.fromhex(written[2]), _context(press, kept, at))
    except DeviceError as error:
        if error.code in ("wrong_context", "no_such_key"):
            raise _over() from error
        raise unavailable(error) from error


def _context(press: str, kept: VerificationSeal, at: int) -> bytes:
    return f"print-ticket:{kept.pk}:{kept.holder_id}:{at}:{press}".encode()


def _over() -> Refused:
    return Refused("print_ticket", "这次核对密码已经过时。请重新输入验证印章密码。", field="password")
