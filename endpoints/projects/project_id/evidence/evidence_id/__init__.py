"""One piece of evidence."""
