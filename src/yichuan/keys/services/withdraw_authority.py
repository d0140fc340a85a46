"""Believing an authority outside no longer: its certificates are refused from the next moment on."""

import uuid

from yichuan.common.permissions import Actor
from yichuan.common.transactions import command
from yichuan.keys.models import ExternalAuthority
from yichuan.keys.services.outside import locked_authority, move_authority


def withdraw_authority(*, actor: Actor, authority_id: uuid.UUID) -> ExternalAuthority:
    """Withdraw it, or turn down what was only proposed. A command."""
    with command():
        row = locked_authority(authority_id)
        move_authority(row, "withdraw", actor=actor)
    return row
