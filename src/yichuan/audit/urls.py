from django.urls import path

from yichuan.audit.views import entry, log

app_name = "audit"
urlpatterns = [
    path("log/", log.log, name="log"),
    path("log/export/", log.export, name="export"),
    path("log/entries/<uuid:uid>/", entry.entry, name="entry"),
]
