"""Measures of the font, texts that must fit, and Typst."""
