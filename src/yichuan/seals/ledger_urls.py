"""The addresses of the ledger of uses."""

from django.urls import path

from yichuan.seals.views import ledger

patterns = [
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/sheet.xlsx", ledger.sheet, name="ledger_sheet"),
]
