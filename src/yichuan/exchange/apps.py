from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "yichuan.exchange"
    label = "exchange"
