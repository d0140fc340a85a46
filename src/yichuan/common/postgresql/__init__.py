"""Django's PostgreSQL, whose protocol takes 65,535 values a statement where values go apart from the SQL."""
