from django.urls import path

from yichuan.evidence.views import verify

app_name = "evidence"
urlpatterns = [
    path("verify/", verify.verify, name="verify"),
]
