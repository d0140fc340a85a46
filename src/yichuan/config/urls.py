"""Every address of a centre. Each view declares its permission; a test walks them all."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("yichuan.interface.urls")),  # asked most, and nothing else begins so
    path("", include("yichuan.portal.urls")),
    path("", include("yichuan.people.urls")),
    path("", include("yichuan.org.urls")),
    path("", include("yichuan.audit.urls")),
    path("certificates/", include("yichuan.keys.urls")),
    path("applications/", include("yichuan.changes.urls")),
    path("seals/", include("yichuan.seals.urls")),
    path("", include("yichuan.evidence.urls")),
    path("", include("yichuan.compose.urls")),
    path("", include("yichuan.exchange.urls")),
]
handler400 = "yichuan.web.middleware.bad_request"
handler500 = "yichuan.web.middleware.server_error"
