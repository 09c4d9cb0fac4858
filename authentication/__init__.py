"""Who is calling, and what they may do: passwords, sessions, the middleware that checks them, access to endpoints."""
