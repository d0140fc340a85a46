"""Spreadsheets as they come in and go out: forms, their reading cell by cell, their templates and results.

Nothing here asks the database; what a row means for the centre is the services' business.
"""
