"""Forms of this room, one module a subject."""
