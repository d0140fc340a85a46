"""Addresses of the exchange rules: the working calendar, and receivers' notices of later times."""

from django.urls import URLPattern, path

from yichuan.exchange.views import calendar, late_notices

patterns: list[URLPattern] = [
    path("calendar/", calendar.calendar_page, name="calendar"),
    path("calendar/set/", calendar.set_day, name="set_calendar_day"),
    path("calendar/fill/", calendar.fill, name="fill_calendar"),
    path("calendar/load/", calendar.load, name="load_calendar"),
    path("calendar/template.<str:suffix>", calendar.template, name="calendar_template"),
    path("late-notices/", late_notices.late_notices, name="late_notices"),
    path("late-notices/<uuid:notice_id>/withdraw/", late_notices.withdraw, name="withdraw_late_notice"),
]
