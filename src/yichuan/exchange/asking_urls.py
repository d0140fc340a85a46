"""What receiver and sender answer each other, and what offices get from their registry."""

from django.urls import URLPattern, path

from yichuan.exchange.views import asking, assigned

_DELIVERY, _SENT = "deliveries/<uuid:delivery_id>", "sent/<uuid:dispatch_id>/<uuid:delivery_id>"

patterns: list[URLPattern] = [
    path(f"{_DELIVERY}/ask/", asking.ask_sender, name="ask"),
    path(f"{_DELIVERY}/requests/<uuid:request_id>/withdraw/", asking.take_back, name="withdraw_request"),
    path(f"{_DELIVERY}/forward/", asking.pass_on, name="forward"),
    path(f"{_DELIVERY}/assign/", asking.give_to_offices, name="assign"),
    path(f"{_DELIVERY}/notice.pdf", asking.notice, name="return_notice"),
    path(f"{_SENT}/notice.pdf", asking.notice_to_sender, name="notice_to_sender"),
    path(f"{_SENT}/requests/<uuid:request_id>/grant/", asking.agree, name="grant_request"),
    path(f"{_SENT}/requests/<uuid:request_id>/refuse/", asking.disagree, name="refuse_request"),
    path("assigned/", assigned.assigned, name="assigned"),
    path("assigned/<uuid:assignment_id>/", assigned.assignment, name="assignment"),
    path("assigned/<uuid:assignment_id>/take/", assigned.take, name="take_assignment"),
    path("assigned/<uuid:assignment_id>/pages/<int:page>.svg", assigned.page, name="assigned_page"),
    path(
        "assigned/<uuid:assignment_id>/attachments/<uuid:attachment_id>/",
        assigned.attachment,
        name="assigned_attachment",
    ),
]
