from django.urls import URLPattern, path

from yichuan.exchange.views import prints

patterns: list[URLPattern] = [
    path("printed/", prints.printed, name="printed"),
    path("printed/export/", prints.export_printed, name="export_printed"),
]
