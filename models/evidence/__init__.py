"""Files and links that show what is claimed."""
