"""A file → rows of text, before anything is understood.

``reading`` starts ``child`` (a fresh interpreter with the limits of ``limits``), which reads by
content: ``decoding``, ``delimited``, ``workbooks``, ``ods_merged``, ``json_records``.
"""
