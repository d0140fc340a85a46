"""The addresses of imprints."""

from django.urls import URLPattern

patterns: list[URLPattern] = []
