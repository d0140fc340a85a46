"""Addresses of chasing: reminders, urging, what is overdue, telephone calls."""

from django.urls import URLPattern, path

from yichuan.exchange.views import urging

patterns: list[URLPattern] = [
    path("sent/<uuid:dispatch_id>/urge/", urging.urge_recipients, name="urge"),
]
