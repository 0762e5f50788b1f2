"""Tables of any length: read, placed and written block by block, by one process or by several.

``plan`` settles once what a table holds; ``staged`` makes Parquet of a file of another kind;
``block`` places the rows of a block by the one ``place``; ``crew`` shares the parts out among
processes or a Dask cluster; ``writing`` does it all, and takes up again what was stopped.
"""
