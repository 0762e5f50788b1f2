"""Ville active: the projects of a book, on the map of France.

Modules, from data to page: ``errors``, ``text``, ``vocabulary``, ``referential``, ``sheets``,
``locate``, ``atlas``, ``selection``, ``summary``, ``check``, ``maps``, ``exchange``,
``cli``, ``ui``.
"""
