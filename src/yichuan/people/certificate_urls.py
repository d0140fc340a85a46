"""The addresses of certificates, challenges and one-time codes; `urls` takes them in."""

from django.urls import path

from yichuan.people.views import certificate_desk as desk
from yichuan.people.views import certificate_login as login
from yichuan.people.views import certificates, signing, totp

OWN = "person-certificates"
ONE = f"{OWN}/applications/<uuid:application_id>"
BOUND = f"{OWN}/<uuid:certificate_id>"
patterns = [
    path("challenge/", signing.give_challenge, name="challenge"),
    path("login/certificate/", login.page, name="certificate_login"),
    path("login/certificate/answer/", login.answer, name="certificate_answer"),
    path("login/tls/", login.by_tls, name="tls_login"),
    path("login/second/", login.second_factor, name="second_factor"),
    path("login/loss/", login.report_loss, name="report_loss"),
    path("enrol/", certificates.enrol, name="enrol"),
    path("codes/", totp.page, name="codes"),
    path("codes/confirm/", totp.confirm, name="confirm_codes"),
    path("codes/drop/", totp.drop, name="drop_codes"),
    path("codes/reset/", desk.reset, name="reset_codes"),
    path(f"{OWN}/", certificates.own, name="certificates"),
    path(f"{OWN}/apply/", certificates.apply, name="apply_certificate"),
    path(f"{OWN}/renew/", certificates.renew_page, name="renew_certificate"),
    path(f"{OWN}/renew/answer/", certificates.renew_answer, name="renew_answer"),
    path(f"{OWN}/register/", desk.register_page, name="certificate_register"),
    path(f"{OWN}/applications/", desk.application_list, name="certificate_applications"),
    path(f"{ONE}/", certificates.application, name="certificate_application"),
    path(f"{ONE}/form/", certificates.printed, name="certificate_form"),
    path(f"{ONE}/withdraw/", certificates.withdraw, name="withdraw_application"),
    path(f"{ONE}/approve/", desk.approve_application, name="approve_application"),
    path(f"{ONE}/refuse/", desk.refuse_application, name="refuse_application"),
    path(f"{ONE}/collect/", certificates.collect_page, name="collect_certificate"),
    path(f"{ONE}/collect/answer/", certificates.collect_answer, name="collect_answer"),
    path(f"{BOUND}/", desk.one, name="person_certificate"),
    path(f"{BOUND}/hold/", desk.hold, name="hold_certificate"),
    path(f"{BOUND}/release/", desk.release, name="release_certificate"),
    path(f"{BOUND}/revoke/", desk.revoke, name="revoke_certificate"),
]
