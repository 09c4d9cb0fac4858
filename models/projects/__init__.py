"""Projects: who works on them, what is imported, what is found in their logs, what waits for whom."""
