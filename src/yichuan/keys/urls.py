from django.urls import path

from yichuan.keys.views import ledger, public, trust

app_name = "keys"
urlpatterns = [
    path("", ledger.certificates, name="ledger"),
    path("system/", ledger.system, name="certify_system"),
    path("<uuid:certificate_id>/", ledger.certificate, name="certificate"),
    path("<uuid:certificate_id>/file/", ledger.download, name="download"),
    path("<uuid:certificate_id>/hold/", ledger.hold, name="hold"),
    path("<uuid:certificate_id>/release/", ledger.release, name="release"),
    path("<uuid:certificate_id>/revoke/", ledger.revoke, name="revoke"),
    path("<uuid:certificate_id>/renew/", ledger.renew, name="renew"),
    path("trust/", trust.trust, name="trust"),
    path("trust/import/", trust.propose, name="propose_authorities"),
    path("trust/revocations/", trust.revocations, name="import_list"),
    path("trust/<uuid:authority_id>/accept/", trust.accept, name="accept_authority"),
    path("trust/<uuid:authority_id>/withdraw/", trust.withdraw, name="withdraw_authority"),
    path("crl/<str:name>.crl", public.revocation_list, name="revocation_list"),
    path("ocsp/", public.ocsp, name="ocsp"),
    path("ocsp/<path:question>", public.ocsp, name="ocsp_question"),
    path("ca/<str:name>.cer", public.authority, name="authority"),
]
