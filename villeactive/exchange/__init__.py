"""What leaves the atlas as a file."""
