"""The audits: each reads the database, the store or the disk as they are, and names every broken promise it finds."""
