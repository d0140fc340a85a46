"""The centre's own time stamps (RFC 3161, GM/T 0033): proof of when a signature was there, by the centre's clock.

An authority outside would be asked here instead: `lib.ses.time_stamp_request` makes the question and takes the answer.
"""

import secrets

from yichuan.common import clock
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.services.authority import TIME_STAMPS
from yichuan.keys.services.device import device, unavailable
from yichuan.keys.services.own_keys import open_own_keys
from yichuan.keys.services.registry import ISSUING, certificate_of, row_of
from yichuan.keys.states import CertificateState
from yichuan.lib.ses.time_stamp_request import ask_time_stamp
from yichuan.lib.ses.tsa import TimeStampAuthority

POLICY = "2.25.226540201662203978340530650373659375783"
"""The rules by which the centre stamps: its host's clock, to the second (X.667: a number that nobody else drew)."""
SERIAL_BITS = 127


def time_stamp(value: bytes) -> bytes:
    """A token (DER) over a signature's SM2 value. Calls the device: outside of any transaction.

    Raises Unavailable where the device does not answer; RuntimeError where what stamps was revoked.
    """
    open_own_keys()
    row = row_of(TIME_STAMPS)
    if row.state != CertificateState.VALID:
        raise RuntimeError("the certificate for time stamps is not in force; renew it in the register")
    authority = TimeStampAuthority(
        certificate=row.certificate,
        sign=lambda message: device().sign(TIME_STAMPS, message),
        serials=lambda: secrets.randbits(SERIAL_BITS),
        policy=POLICY,
        chain=(certificate_of(ISSUING),),
    )
    request, at = ask_time_stamp(value), clock.now()
    try:
        answer = authority.respond(request.der, at)
    except DeviceError as error:
        raise unavailable(error) from error
    return request.accept(answer, trust=[certificate_of(ISSUING)], at=at)
