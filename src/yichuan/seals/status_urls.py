from django.urls import path

from yichuan.seals.views import status

patterns = [
    path("status/seals.der", status.status_list, name="status_list"),
    path("status/<int:number>.der", status.status_list, name="status_list_kept"),
]
