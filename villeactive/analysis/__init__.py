"""What is read in the atlas: figures, neighbours, towns alike, search."""
