"""The database of the application: connections, transactions, kinds of columns, and what is cleaned up."""
