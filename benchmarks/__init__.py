"""Measurements, each beside a reference of the same run: the machines are noisy, ratios are not."""
