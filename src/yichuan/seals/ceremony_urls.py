"""The addresses of sessions of three parties."""

from django.urls import path

from yichuan.seals.views import ceremonies, ceremony_acts, verification

_ONE = "ceremonies/<uuid:ceremony_id>/"

patterns = [
    path("ceremonies/", ceremonies.listing, name="ceremonies"),
    path("ceremonies/open/<uuid:application_id>/", ceremonies.open_ceremony, name="open_ceremony"),
    path(_ONE, ceremonies.show, name="ceremony"),
    path(f"{_ONE}live/", ceremonies.live, name="ceremony_live"),
    path(f"{_ONE}imprint/", ceremonies.imprint, name="ceremony_imprint"),
    path(f"{_ONE}minutes/", ceremonies.minutes, name="ceremony_minutes"),
    path(f"{_ONE}abort/", ceremonies.abort, name="abort_ceremony"),
    path(f"{_ONE}join/", ceremony_acts.join, name="join_ceremony"),
    path(f"{_ONE}present/", ceremony_acts.present, name="ceremony_present"),
    path(f"{_ONE}agree/", ceremony_acts.agree, name="agree_ceremony"),
    path(f"{_ONE}make/", ceremony_acts.make, name="ceremony_make"),
    path(f"{_ONE}carrier/", ceremony_acts.carrier, name="ceremony_carrier"),
    path(f"{_ONE}minutes/prepare/", ceremony_acts.prepare_minutes, name="prepare_minutes"),
    path(f"{_ONE}minutes/sign/", ceremony_acts.sign_minutes, name="sign_minutes"),
    path("verification/", verification.listing, name="verification_seals"),
    path("verification/<uuid:seal_id>/take/", verification.take, name="take_verification"),
]
