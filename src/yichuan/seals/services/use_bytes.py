"""What a seal's key signs, and what comes of the signature. Pure work but for the time stamp; nothing is kept here."""

from collections.abc import Sequence
from datetime import datetime

from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.keys.services.authority import trusted_roots
from yichuan.keys.services.time_stamp import time_stamp
from yichuan.lib.gm.x509 import Certificate
from yichuan.lib.ofd.sealing import ToSign, prepare_sealing
from yichuan.lib.ofd.verifying import verify
from yichuan.lib.ses.model import parse_seal
from yichuan.seals.models import Seal
from yichuan.seals.places import Place


def to_sign(seal: Seal, ofd: bytes, places: Sequence[Place], at: datetime) -> ToSign:
    """The bytes that the seal's key signs at `at`: the same for the same body, places, seal and second.

    Raises OfdError and SesError as `lib.ofd.sealing`.
    """
    stamps = [place.imprint for place in places]
    prepared = prepare_sealing(ofd, parse_seal(bytes(seal.der)), stamps)
    return prepared.for_signer(Certificate.from_der(bytes(seal.certificate)), at)


def assemble(waiting: ToSign, signature: bytes) -> bytes:
    """The sealed OFD with a time stamp in it, verified as a receiver would. Asks the device: outside of transactions.

    Raises SesError `signature` (not of this seal's key over these bytes), Unavailable, and Refused
    `sealed_unfit` where the whole does not hold.
    """
    signed = waiting.attach(signature)
    sealed = signed.stamped(time_stamp(signed.signature))
    report = verify(sealed.data, trust=trusted_roots(), at=clock.now())
    ours = [each for each in report.signatures if each.id == sealed.signature_id]
    if not report.readable or not ours or not all(each.valid_and_trusted for each in ours):
        raise Refused("sealed_unfit", "盖上的印章没有通过核验，没有盖成。请重新制版后再盖；仍然不行请联系交换中心。")
    return sealed.data
