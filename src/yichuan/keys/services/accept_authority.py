"""Believing an authority outside from now on, once its fingerprint was compared with what the authority says."""

import uuid

from yichuan.common.errors import Invalid
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command
from yichuan.keys.models import ExternalAuthority
from yichuan.keys.services.outside import locked_authority, move_authority


def accept_authority(
    *, actor: Actor, authority_id: uuid.UUID, compared: bool, for_seals: bool = False
) -> ExternalAuthority:
    """Accept it for persons and systems, and with `for_seals` for seals too. A command."""
    if not compared:
        raise Invalid({"compared": "请先通过电话或者公函与该机构核对指纹，再勾选。"})
    with command():
        row = locked_authority(authority_id)
        row.for_seals = for_seals
        move_authority(row, "accept", actor=actor)
    return row
