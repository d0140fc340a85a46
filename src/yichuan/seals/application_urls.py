"""The addresses of applications for seals, of reports of loss and of the units' own rules."""

from django.urls import URLPattern

patterns: list[URLPattern] = []
