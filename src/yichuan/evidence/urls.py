from django.urls import path

from yichuan.evidence.views import packages, verify

app_name = "evidence"
urlpatterns = [
    path("verify/", verify.verify, name="verify"),
    path("documents/<uuid:document_id>/evidence/", packages.package, name="package"),
]
