"""`{% load printing %}`: with which verification seal a person prints, or why they do not."""

from dataclasses import dataclass

from django import template

from yichuan.common.errors import Refused
from yichuan.exchange.models import Delivery
from yichuan.exchange.services.print_original import seal_ready
from yichuan.people.models import Account
from yichuan.seals.models import VerificationSeal

register = template.Library()


@dataclass(frozen=True)
class Standing:
    """The verification seal, ready for its password; or `why` it is not, and whether the person could take it over."""

    seal: VerificationSeal | None
    why: str = ""
    to_take: bool = False


@register.simple_tag
def print_standing(actor: Account, delivery: Delivery) -> Standing:
    """Asked before the form is shown, and again by the service."""
    try:
        return Standing(seal_ready(actor, delivery))
    except Refused as refusal:
        return Standing(None, refusal.message, refusal.code == "not_taken")
