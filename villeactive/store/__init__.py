"""Collections that people keep: one database, each import a transaction, every version kept.

``database`` is its only door, ``records`` what goes through it. ``location`` says where it is,
``engine`` opens it, ``tables`` and ``migrations`` make it; ``reading`` and ``writing`` ask and
change; ``refusals`` say in French why the database refuses.
"""
