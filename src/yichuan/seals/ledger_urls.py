"""The addresses of the register of seals and of the ledger of their uses."""

from django.urls import path

from yichuan.seals.views import ledger, register

patterns = [
    path("all/", register.seals, name="seals"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/sheet.xlsx", ledger.sheet, name="ledger_sheet"),
]
