"""Making a seal in its two parts (J-18 to J-20): keys, certificates, imprint, the structure signed by the seal maker.

`issue_seal` does all of it at once, for a demonstration and where a centre is set up. A session of three parties takes
the same steps one after the other, the device between its transactions (`ceremony_make`).
"""

import secrets
import uuid
from datetime import datetime

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.keys.services.authority import LEAF_LASTS, SEAL_MAKER, certificate_of
from yichuan.keys.services.device import device
from yichuan.keys.services.registry import Holder, make_certificate, require_new_key
from yichuan.keys.services.texts import seal_text
from yichuan.keys.states import Use
from yichuan.lib.gm.sm2 import PublicKey
from yichuan.lib.gm.x509 import Certificate, Name
from yichuan.lib.gongwen.imprint import Imprint
from yichuan.lib.gongwen.imprint_picture import seal_picture
from yichuan.lib.ses.make import SealDraft, UnsignedSeal
from yichuan.lib.ses.seal import Picture
from yichuan.org.models import Unit, UnitName
from yichuan.people.models import Account
from yichuan.seals.kinds import Part
from yichuan.seals.models import Seal, VerificationSeal

ORGANISATION = 1
PASSWORD_BYTES = 16
USES = {Part.SIGNING: Use.SEAL, Part.VERIFICATION: Use.VERIFICATION_SEAL}


def signing_label(seal_id: uuid.UUID) -> str:
    """The name of the signing part's key in the device."""
    return f"seal:{seal_id}:sign"


def verification_label(seal_id: uuid.UUID) -> str:
    """The name of the verification part's key in the device."""
    return f"seal:{seal_id}:verify"


def subject_of(part: Part, name: str, organisation: str) -> Name:
    """Whom the certificate of a part names."""
    common = name if part is Part.SIGNING else f"{name[:58]}验证印章"
    return Name(common_name=common[:64], organization=organisation[:64])


def certify_part(
    *,
    actor: Actor | None,
    part: Part,
    seal_id: uuid.UUID,
    name: str,
    organisation: str,
    public_key: PublicKey,
    until: datetime,
    label: str = "",
) -> Certificate:
    """The certificate of one part's key; `label` where the key rests in the device. A step; refused `key_taken`."""
    require_transaction()
    require_new_key(public_key)
    row = make_certificate(
        actor=actor,
        use=USES[part],
        holder=Holder("seal", organisation, seal_id),
        subject=subject_of(part, name, organisation),
        public_key=public_key,
        lasts=until - clock.now(),
        label=label,
    )
    return row.certificate


def draft_seal(seal_id: uuid.UUID, name: str, picture: Picture, signer: Certificate) -> UnsignedSeal:
    """The structure of GB/T 38540 that waits for the seal maker's signature."""
    draft = SealDraft(
        seal_id=seal_id.hex,
        name=name,
        kind=ORGANISATION,
        picture=picture,
        signer_certificates=(signer,),
        created=clock.now(),
        valid_from=signer.not_before,
        valid_to=signer.not_after,
    )
    return draft.prepare(certificate_of(SEAL_MAKER))


def signed_by_maker(unsigned: UnsignedSeal) -> bytes:
    """The finished seal in DER. Raises `DeviceError`."""
    return unsigned.attach(device().sign(SEAL_MAKER, unsigned.message)).der


def password_context(seal_id: uuid.UUID) -> str:
    """What the password of a verification part is bound to while the centre keeps it."""
    return f"verification-seal:{seal_id}"


def keep_verification(
    *, seal: Seal, certificate: Certificate, password: bytes, holder: Account | None
) -> VerificationSeal:
    """The other part beside the seal; its password stays under the centre's key until its holder takes it over. A step.

    `password` are the 16 random bytes that open the key in the device.
    """
    require_transaction()
    return VerificationSeal.objects.create(
        seal=seal,
        certificate=certificate.der,
        key_label=verification_label(seal.pk),
        holder=holder,
        sealed_password=seal_text(password.hex(), password_context(seal.pk)),
    )


def issue_seal(*, actor: Actor | None, unit: Unit, imprint: Imprint, holder: Account | None = None) -> Seal:
    """Make the unit's seal with this imprint, both keys in the device; `holder` is whom the verification part is for. A
    step; the imprint is drawn before, outside of the transaction."""
    require_transaction()
    picture = seal_picture(imprint.ofd())
    name = UnitName.objects.filter(unit=unit, name=unit.name, valid_to=None).first()
    seal = Seal(unit=unit, unit_name=name, name=unit.name, diameter_mm=round(imprint.diameter_mm))
    seal.issued_at = clock.now()
    seal.key_label = signing_label(seal.pk)
    password = secrets.token_bytes(PASSWORD_BYTES)
    labels = {Part.SIGNING: seal.key_label, Part.VERIFICATION: verification_label(seal.pk)}
    made = {
        part: certify_part(
            actor=actor,
            part=part,
            seal_id=seal.pk,
            name=unit.name,
            organisation=unit.name,
            public_key=device().make_signing_key(label, password=None if part is Part.SIGNING else password),
            until=seal.issued_at + LEAF_LASTS,
            label=label,
        )
        for part, label in labels.items()
    }
    signer = made[Part.SIGNING]
    seal.der = signed_by_maker(draft_seal(seal.pk, unit.name, picture, signer))
    seal.certificate = signer.der
    seal.save(force_insert=True)
    keep_verification(seal=seal, certificate=made[Part.VERIFICATION], password=password, holder=holder)
    record(verb="seals.issue", actor=actor, unit_id=unit.pk, subject=seal, detail={"name": seal.name})
    return seal
