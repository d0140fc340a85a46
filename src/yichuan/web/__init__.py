"""The frame of the pages: shared templates, styles, scripts and template tags."""
