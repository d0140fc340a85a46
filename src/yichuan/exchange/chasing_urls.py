"""Addresses of chasing: reminders, urging, what is overdue, telephone calls."""

from django.urls import URLPattern, path

from yichuan.exchange.views import calling, chasing, urging

patterns: list[URLPattern] = [
    path("sent/<uuid:dispatch_id>/urge/", urging.urge_recipients, name="urge"),
    path("reminders/", chasing.reminders, name="reminders"),
    path("overdue/", chasing.overdue, name="overdue"),
    path("overdue.xlsx", chasing.overdue_sheet, name="overdue_sheet"),
    path("deliveries/<uuid:delivery_id>/call/", calling.call_page, name="call"),
]
