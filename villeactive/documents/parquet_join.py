"""Parquet files of one shape → one file: their row groups one after the other, as they are.

Nothing is read again: the bytes of the row groups are copied, and the footer (Thrift, in its
compact form) is written anew with the places where they now stand.
"""

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

_MAGIC = b"PAR1"
_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 11, 12
_I16, _I32, _I64 = 4, 5, 6
_NUM_ROWS, _ROW_GROUPS, _ABOUT = 3, 4, 5  # of the footer
_COLUMNS, _GROUP_OFFSET, _ORDINAL = 1, 5, 7  # of a row group
_CHUNK_OFFSET, _CHUNK = 2, 3  # of a column in it
_PAGES = (9, 10, 11)  # data, index, dictionary
_INDEXES = (4, 5, 6, 7)  # of pages: they stand outside the row groups, and are left out
_BLOOM = (14, 15)

_COPIED = 1 << 20
"""Bytes copied at once."""


def join(parts: Sequence[Path], out: BinaryIO, *, schema: pa.Schema) -> None:
    """Write several Parquet files as one.

    Parameters
    ----------
    parts
        One at least, all of the same columns.
    out
        Where to write, from its beginning.
    schema
        What the file says of its columns; its metadata are those of the file.
    """
    out.write(_MAGIC)
    whole: dict[int, tuple[int, Any]] = {}
    groups: list[dict] = []
    held = memoryview(bytearray(_COPIED))  # once: memory that is new at each step costs most of all
    for part in parts:
        with part.open("rb") as file:
            footer, end = _footer(file)
            at = file.seek(len(_MAGIC))
            moved = out.tell() - at
            while size := file.readinto(held[: end - at]):
                at += out.write(held[:size])
        whole = whole or footer
        for group in footer[_ROW_GROUPS][1][1]:
            groups.append(_moved(group, moved, len(groups)))
    whole[_NUM_ROWS] = (_I64, sum(group[3][1] for group in groups))
    whole[_ROW_GROUPS] = (_LIST, (_STRUCT, groups))
    about = dict(schema.metadata or {})
    about[b"ARROW:schema"] = base64.b64encode(schema.serialize().to_pybytes())
    whole[_ABOUT] = (_LIST, (_STRUCT, [_pair(key, value) for key, value in about.items()]))
    written = bytearray()
    _write_struct(written, whole)
    out.write(written + len(written).to_bytes(4, "little") + _MAGIC)


def _footer(file: BinaryIO) -> tuple[dict[int, tuple[int, Any]], int]:
    """Return the footer of a Parquet file, and where it begins."""
    size = file.seek(0, 2)
    file.seek(size - 8)
    length = int.from_bytes(file.read(4), "little")
    begin = size - 8 - length
    file.seek(begin)
    return _Reader(file.read(length)).struct(), begin


def _moved(group: dict, by: int, ordinal: int) -> dict:
    """Return a row group whose bytes stand further."""
    group = dict(group)
    if _GROUP_OFFSET in group:
        group[_GROUP_OFFSET] = _further(group[_GROUP_OFFSET], by)
    group.pop(_ORDINAL, None)
    if ordinal < 1 << 15:
        group[_ORDINAL] = (_I16, ordinal)
    chunks = []
    for chunk in group[_COLUMNS][1][1]:
        chunk = {key: value for key, value in chunk.items() if key not in _INDEXES}
        if chunk[_CHUNK_OFFSET][1]:
            chunk[_CHUNK_OFFSET] = _further(chunk[_CHUNK_OFFSET], by)
        told = {key: value for key, value in chunk[_CHUNK][1].items() if key not in _BLOOM}
        told |= {page: _further(told[page], by) for page in _PAGES if page in told}
        chunk[_CHUNK] = (_STRUCT, told)
        chunks.append(chunk)
    group[_COLUMNS] = (_LIST, (_STRUCT, chunks))
    return group


def _further(value: tuple[int, int], by: int) -> tuple[int, int]:
    return value[0], value[1] + by


def _pair(key: bytes, value: bytes) -> dict:
    return {1: (_BINARY, key), 2: (_BINARY, value)}


# ------------------------------------------------------------------ Thrift, in its compact form


class _Reader:
    """Thrift values, one after the other: a struct is ``{field: (type, value)}``."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def unsigned(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    def signed(self) -> int:
        value = self.unsigned()
        return (value >> 1) ^ -(value & 1)

    def taken(self, size: int) -> bytes:
        self.at += size
        return self.data[self.at - size : self.at]

    def struct(self) -> dict[int, tuple[int, Any]]:
        found, field = {}, 0
        while head := self.byte():
            field = field + (head >> 4) if head >> 4 else self.signed()
            kind = head & 0x0F
            found[field] = (kind, None if kind in (_TRUE, _FALSE) else self.value(kind))
        return found

    def value(self, kind: int) -> Any:
        if kind in (_TRUE, _FALSE, _BYTE):
            return self.byte()
        if kind in (_I16, _I32, _I64):
            return self.signed()
        if kind == _DOUBLE:
            return self.taken(8)
        if kind == _BINARY:
            return self.taken(self.unsigned())
        if kind in (_LIST, _SET):
            head = self.byte()
            size = head >> 4 if head >> 4 < 15 else self.unsigned()
            return head & 0x0F, [self.value(head & 0x0F) for _ in range(size)]
        if kind == _MAP:
            size = self.unsigned()
            kinds = divmod(self.byte(), 16) if size else (0, 0)
            return kinds, [(self.value(kinds[0]), self.value(kinds[1])) for _ in range(size)]
        return self.struct()


def _write_struct(out: bytearray, struct: dict[int, tuple[int, Any]]) -> None:
    before = 0
    for field, (kind, value) in sorted(struct.items()):
        step = field - before
        if 0 < step < 16:
            out.append(step << 4 | kind)
        else:
            out.append(kind)
            _write_signed(out, field)
        before = field
        if value is not None:
            _write(out, kind, value)
    out.append(0)


def _write(out: bytearray, kind: int, value: Any) -> None:
    if kind in (_TRUE, _FALSE, _BYTE):
        out.append(value)
    elif kind in (_I16, _I32, _I64):
        _write_signed(out, value)
    elif kind == _DOUBLE:
        out += value
    elif kind == _BINARY:
        _write_unsigned(out, len(value))
        out += value
    elif kind in (_LIST, _SET):
        inner, values = value
        out.append(min(len(values), 15) << 4 | inner)
        if len(values) >= 15:
            _write_unsigned(out, len(values))
        for one in values:
            _write(out, inner, one)
    elif kind == _MAP:
        kinds, pairs = value
        _write_unsigned(out, len(pairs))
        if pairs:
            out.append(kinds[0] << 4 | kinds[1])
        for key, one in pairs:
            _write(out, kinds[0], key)
            _write(out, kinds[1], one)
    else:
        _write_struct(out, value)


def _write_signed(out: bytearray, value: int) -> None:
    _write_unsigned(out, value << 1 if value >= 0 else (-value << 1) - 1)


def _write_unsigned(out: bytearray, value: int) -> None:
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
