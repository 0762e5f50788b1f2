"""Places: the tables of communes, their outlines, and the one way to find a place by its name."""
