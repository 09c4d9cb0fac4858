"""The history of the tables: one for PostgreSQL and SQLite."""
