from django.urls import path

from yichuan.evidence.views import packages, verify

app_name = "evidence"
urlpatterns = [
    path("verify/", verify.verify, name="verify"),
    path("verify/print-codes.pem", verify.print_codes, name="print_codes"),
    path("documents/<uuid:document_id>/evidence/", packages.package, name="package"),
    path("deliveries/<uuid:delivery_id>/evidence/", packages.received, name="received"),
    path("log/evidence/<uuid:subject_id>/", packages.audited, name="audited"),
]
