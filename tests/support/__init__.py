"""Helpers of the tests, one module a part of the house."""
