"""The centre as pages without a frame show it. `{% load centre %}`."""

from django import template

from yichuan.common.models import Centre

register = template.Library()


@register.simple_tag
def the_centre() -> Centre | None:
    """The centre; None while `yichuan init` has not opened one."""
    return Centre.objects.first()
