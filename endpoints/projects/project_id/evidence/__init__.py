"""Files and links that show that controls are there and work (DCB0129 3.1.3, 6.3)."""
