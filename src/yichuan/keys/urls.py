from django.urls import path

from yichuan.keys.views import public

app_name = "keys"
urlpatterns = [
    path("crl/<str:name>.crl", public.revocation_list, name="revocation_list"),
    path("ocsp/", public.ocsp, name="ocsp"),
    path("ocsp/<path:question>", public.ocsp, name="ocsp_question"),
    path("ca/<str:name>.cer", public.authority, name="authority"),
]
