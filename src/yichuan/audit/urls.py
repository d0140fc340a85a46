from django.urls import path

from yichuan.audit.views import checkpoints, checks, entry, log

app_name = "audit"
urlpatterns = [
    path("log/", log.log, name="log"),
    path("log/export/", log.export, name="export"),
    path("log/entries/<uuid:uid>/", entry.entry, name="entry"),
    path("log/checks/", checks.checks, name="checks"),
    path("log/checks/begin/", checks.begin, name="begin_check"),
    path("log/checks/<uuid:check_id>/", checks.check, name="check"),
    path("log/checks/<uuid:check_id>/progress/", checks.progress, name="check_progress"),
    path("log/checks/<uuid:check_id>/acknowledge/", checks.acknowledge, name="acknowledge_faults"),
    path("log/checkpoints/", checkpoints.checkpoints, name="checkpoints"),
    path("log/checkpoints/<int:size>/", checkpoints.checkpoint, name="checkpoint"),
]
