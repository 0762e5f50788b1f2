"""Maps: symbols shared by all, the web map and the drawn maps."""
