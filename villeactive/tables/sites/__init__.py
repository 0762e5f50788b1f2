"""Rows → sites: a cell that names several communes, several rows of one identifier."""
