"""The hazard log: adding, changing, finding, linking and closing hazards."""
