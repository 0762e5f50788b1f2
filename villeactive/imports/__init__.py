"""A table that people bring → a collection to keep, and a kept collection → files."""
