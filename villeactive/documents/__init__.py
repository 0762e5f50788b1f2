"""All that leaves as a file: sheets, slides, decks, briefs, tables."""
