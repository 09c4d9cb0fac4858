"""How large a risk is, what is left of it, and who accepted that."""
