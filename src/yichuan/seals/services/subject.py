"""What custodians are shown and agree to: the subject of an opening, and whether a use is exactly that."""

import json
import uuid
from collections.abc import Iterable
from typing import Any

from yichuan.lib.gm.sm3 import sm3
from yichuan.seals.models import Opening, SealUse
from yichuan.seals.places import Place

Subject = dict[str, Any]


def document_facts(
    document_id: uuid.UUID, digest: str, attachments: str, places: Iterable[Place], number: str = ""
) -> Subject:
    """One document as it is to be sealed. Its title is not among it: titles rest encrypted, the digest covers it.

    `digest` is SM3 of the body, `attachments` that of their list, both in hex.
    """
    return {
        "id": str(document_id),
        "number": number,
        "digest": digest,
        "attachments": attachments,
        "places": [place.to_json() for place in places],
    }


def digest_of_subject(subject: Subject) -> str:
    """SM3 over the subject as JSON, keys in order: what a custodian's certificate signs."""
    return sm3(json.dumps(subject, ensure_ascii=False, sort_keys=True).encode()).hex()


def covers(opening: Opening, wanted: Subject) -> bool:
    """Whether the opening is for just this document (`document_facts`), byte for byte, at exactly these places.

    An opening for a number or a time names no documents. One that does is good for each of them once.
    """
    listed = opening.subject["documents"]
    if not listed:
        return True
    if not any(_same(each, wanted) for each in listed):
        return False
    return not opening.uses.filter(document_id=wanted["id"]).exclude(state=SealUse.State.FAILED).exists()


def _same(one: Subject, other: Subject) -> bool:
    return all(one[name] == other[name] for name in ("id", "digest", "attachments", "places"))
