"""The page « Collections »: what is kept, then the four steps from a table to a collection.

``work`` is what a reader is bringing, ``steps`` the way from one step to the next; ``kept`` lists
what is kept; ``file``, ``columns``, ``places`` and ``publish`` are the steps.
"""
