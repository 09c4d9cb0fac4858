"""People who sign in: accounts, sessions, factors, throttles, and the letters that wait to be sent to them."""
