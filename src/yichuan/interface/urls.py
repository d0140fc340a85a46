"""/api/v1/: the page and the schema; every other address is an operation of the API."""

from django.urls import path

from yichuan.interface.api.site import api
from yichuan.interface.views import docs

app_name = "interface"
operations = [each for each in api.urls[0] if getattr(each, "name", "") != "api-root"]
urlpatterns = [
    path("docs", docs.docs, name="docs"),
    path("openapi.json", docs.openapi, name="openapi"),
    *operations,
]
