from django.urls import path

from yichuan.audit.views import log

app_name = "audit"
urlpatterns = [path("log/", log.log, name="log")]
