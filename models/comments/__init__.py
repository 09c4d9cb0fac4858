"""What people say about hazards, and who is told of it."""
