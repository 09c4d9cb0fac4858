"""What is done about hazards, and how far it has come."""
