"""`{% load seals %}`: how a seal and an application for one stand."""

from django import template
from django.utils.safestring import SafeString

from yichuan.seals.kinds import ApplicationState, SealState
from yichuan.seals.models import Seal, SealApplication
from yichuan.seals.words import LOOKS, SEAL_LOOKS
from yichuan.web.templatetags.yc import badge

register = template.Library()


@register.simple_tag
def seal_application_state(application: SealApplication) -> SafeString:
    """The badge of an application's state: icon, word and colour."""
    state = ApplicationState(application.state)
    return badge(state.label, *LOOKS[state])


@register.simple_tag
def seal_state(seal: Seal) -> SafeString:
    """The badge of a seal's state."""
    state = SealState(seal.state)
    return badge(state.label, *SEAL_LOOKS[state])
