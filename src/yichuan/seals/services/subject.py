"""What custodians are shown and agree to: the subject of an opening, and whether a use is exactly that."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from yichuan.lib.gm.sm3 import sm3
from yichuan.seals.models import Opening, SealUse

if TYPE_CHECKING:
    from yichuan.seals.services.use import Place

Subject = dict[str, Any]


def document_facts(document_id: uuid.UUID, number: str, digest: str, places: "Iterable[Place]") -> Subject:
    """One document as it is to be sealed. Its title is not among it: titles rest encrypted, the digest covers it."""
    return {
        "id": str(document_id),
        "number": number,
        "digest": digest,
        "places": [place_facts(each) for each in places],
    }


def place_facts(place: "Place") -> Subject:
    """A place as it is compared: every field of it, millimetres as decimal fractions."""
    return {name: float(value) if name.endswith("_mm") else value for name, value in asdict(place).items()}


def digest_of_subject(subject: Subject) -> str:
    """SM3 over the subject as JSON, keys in order: what a custodian's certificate signs."""
    return sm3(json.dumps(subject, ensure_ascii=False, sort_keys=True).encode()).hex()


def covers(opening: Opening, document_id: uuid.UUID, digest: bytes, places: "Iterable[Place]") -> bool:
    """Whether the opening is for this document, byte for byte, at exactly these places.

    An opening for a number or a time names no documents. One that does is good for each of them once.
    """
    listed = opening.subject["documents"]
    if not listed:
        return True
    wanted = {"id": str(document_id), "digest": digest.hex(), "places": [place_facts(each) for each in places]}
    if not any({name: each[name] for name in wanted} == wanted for each in listed):
        return False
    taken = opening.uses.filter(document_id=document_id).exclude(state=SealUse.State.FAILED)
    return not taken.exists()
