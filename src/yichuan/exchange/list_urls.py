from django.urls import URLPattern, path

from yichuan.exchange.views import list_export, list_settings

patterns: list[URLPattern] = [
    path("inbox/settings/", list_settings.inbox_settings, name="inbox_settings"),
    path("inbox/export/", list_export.export_inbox, name="export_inbox"),
    path("inbox/pack/", list_export.pack, name="pack"),
    path("sent/settings/", list_settings.sent_settings, name="sent_settings"),
    path("sent/export/", list_export.export_sent, name="export_sent"),
    path("documents/settings/", list_settings.outgoing_settings, name="outgoing_settings"),
    path("documents/export/", list_export.export_outgoing, name="export_outgoing"),
]
