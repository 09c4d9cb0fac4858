"""Hazard logs in the formats of others: bytes in, records and problems out, without a database."""
