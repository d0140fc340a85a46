"""The addresses of custody and openings."""

from django.urls import URLPattern, path

from yichuan.seals.views import custody, openings

patterns: list[URLPattern] = [
    path("custody/", custody.mine, name="custody"),
    path("custody/shares/<int:custodian_id>/", custody.share, name="share"),
    path("custody/openings/", openings.listed, name="openings"),
    path("custody/openings/<uuid:opening_id>/", openings.show, name="opening"),
    path("custody/openings/<uuid:opening_id>/state/", openings.state, name="opening_state"),
    path("custody/openings/<uuid:opening_id>/approve/", openings.approve, name="approve_opening"),
    path("custody/openings/<uuid:opening_id>/confirm/", openings.confirm, name="confirm_change"),
    path("custody/openings/<uuid:opening_id>/refuse/", openings.refuse, name="refuse_opening"),
    path("custody/openings/<uuid:opening_id>/close/", openings.close, name="close_opening"),
    path("custody/<uuid:seal_id>/", custody.seal, name="seal_custody"),
    path("custody/<uuid:seal_id>/ask/", custody.ask, name="ask_opening"),
    path("custody/<uuid:seal_id>/change/", custody.change, name="change_custodians"),
]
