"""Ville active: the projects of a book, on the map of France.

Rooms, from data to page: ``geography``, ``collections``, ``atlas``, ``selection``,
``filtering``, ``facets``, ``analysis``, ``wording``, ``typography``, ``maps``, ``documents``,
``tables``, ``ui``, ``cli``.
"""
