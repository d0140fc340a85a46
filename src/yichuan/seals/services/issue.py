"""Issuing a seal to a unit: key, certificate, imprint, and the structure signed by the seal maker (J-19, J-20).

The ceremony under three pairs of eyes (S5) and carriers (S4) come above this; the key rests in the server's device.
"""

import math

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.keys.services.authority import SEAL_MAKER, certificate_of, issue_certificate
from yichuan.keys.services.device import device
from yichuan.keys.states import Use
from yichuan.lib.gongwen.imprint import Imprint
from yichuan.lib.ses.make import SealDraft
from yichuan.lib.ses.seal import Picture
from yichuan.org.models import Unit
from yichuan.seals.models import Seal

ORGANISATION = 1


def issue_seal(*, actor: Actor | None, unit: Unit, imprint: Imprint) -> Seal:
    """Make the unit's seal with this imprint. A step; the imprint is drawn before, outside of the transaction."""
    require_transaction()
    seal = Seal(unit=unit, name=unit.name, diameter_mm=round(imprint.diameter_mm), issued_at=clock.now())
    seal.key_label = f"seal:{seal.pk}:sign"
    signer = issue_certificate(
        actor=actor,
        label=seal.key_label,
        use=Use.SEAL,
        common_name=unit.name,
        organization=unit.name,
        holder_kind="seal",
        holder_id=seal.pk,
    )
    size = math.ceil(imprint.diameter_mm)
    draft = SealDraft(
        seal_id=seal.pk.hex,
        name=unit.name,
        kind=ORGANISATION,
        picture=Picture("ofd", imprint.ofd(), size, size),
        signer_certificates=(signer,),
        created=clock.now(),
        valid_from=signer.not_before,
        valid_to=signer.not_after,
    )
    waiting = draft.prepare(certificate_of(SEAL_MAKER))
    seal.der = waiting.attach(device().sign(SEAL_MAKER, waiting.message)).der
    seal.certificate = signer.der
    seal.save(force_insert=True)
    record(verb="seals.issue", actor=actor, unit_id=unit.pk, subject=seal, detail={"name": seal.name})
    return seal
