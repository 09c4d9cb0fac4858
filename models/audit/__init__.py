"""The audit trail, and the history that is asked of it."""
