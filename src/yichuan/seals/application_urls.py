"""The addresses of applications for seals, of a seal's own page, of reports of loss and of the units' own rules."""

from django.urls import URLPattern, path

from yichuan.seals.views import application_parts, applications, replacement, rules

patterns: list[URLPattern] = [
    path("applications/", applications.listing, name="applications"),
    path("applications/new/", applications.choose, name="choose_application"),
    path("applications/new/<str:matter>/", applications.new, name="new_application"),
    path("applications/<uuid:application_id>/", applications.show, name="application"),
    path("applications/<uuid:application_id>/edit/", applications.edit, name="edit_application"),
    path("applications/<uuid:application_id>/form.pdf", applications.form, name="application_form"),
    path("applications/<uuid:application_id>/imprint.svg", applications.imprint, name="application_imprint"),
    path("applications/<uuid:application_id>/papers/", application_parts.attach, name="attach_paper"),
    path("applications/<uuid:application_id>/papers/<uuid:paper_id>/", application_parts.paper, name="paper"),
    path(
        "applications/<uuid:application_id>/papers/<uuid:paper_id>/remove/",
        application_parts.detach,
        name="detach_paper",
    ),
    path("applications/<uuid:application_id>/propose/", applications.propose, name="propose"),
    path("applications/<uuid:application_id>/sign/", application_parts.sign, name="sign_application"),
    path("applications/<uuid:application_id>/approve/", applications.approve, name="approve_application"),
    path("applications/<uuid:application_id>/refuse/", applications.refuse, name="refuse_application"),
    path("applications/<uuid:application_id>/send-back/", applications.send_back, name="send_back_application"),
    path("applications/<uuid:application_id>/withdraw/", applications.withdraw, name="withdraw_application"),
    path("one/<uuid:seal_id>/", replacement.seal, name="seal"),
    path("one/<uuid:seal_id>/imprint.svg", replacement.imprint, name="seal_imprint"),
    path("reports/<uuid:seal_id>/", replacement.report, name="report_loss"),
    path("reports/<uuid:seal_id>/resume/", replacement.resume, name="resume"),
    path("reports/<uuid:seal_id>/take-in/", replacement.take_in, name="take_in_damaged"),
    path("reports/<uuid:seal_id>/hand-in/", replacement.hand_in, name="hand_in"),
    path("rules/", rules.show, name="rules"),
    path("rules/edit/", rules.edit, name="edit_rules"),
    path("rules/units/", rules.units, name="rules_of_units"),
    path("rules/<uuid:rules_id>/", rules.edition, name="rules_edition"),
]
