"""Tables of projects that people bring: read, recognised, placed.

``raw`` reads a file; ``headers`` finds its table; ``roles``, ``header_words`` and ``columns``
recognise what each column holds, ``values`` what each cell says; ``oddities`` puts shifted
rows back, tells formulas and impossible numbers; ``asked``, ``answers``, ``agreement``,
``placing``, ``wide``, ``territories`` and ``points`` say where each row is; ``sites`` parts rows
into several places and puts rows together; ``records`` makes projects of them. ``understanding``
does it all.
"""
