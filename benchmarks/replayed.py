"""Pages that ask again what a visitor asked: so lean that the cores are left to the servers.

Messages are recorded once and sent as they are, answers are inflated and only looked at for their
end. As a browser does, a page has its answers compressed.
"""

import asyncio
import zlib
from collections.abc import Sequence
from itertools import cycle
from urllib.parse import urlsplit

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.visitor import Visitor

_FIRST = 2
"""Messages that open a page (:meth:`benchmarks.visitor.Visitor.open`)."""

_TURNS = 2
"""After so many, a visitor has all that he can keep of the answers, and sends the same again."""

_SHORT = 64
"""What ends a run takes fewer bytes: more is not read."""

_BINARY, _PING, _PONG = 0xC2, 0x09, 0x8A
_HELLO = (
    "GET /_stcore/stream HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
    "Sec-WebSocket-Protocol: streamlit\r\nCookie: va={}\r\n\r\n"
)


async def recorded(address: str, regions: Sequence[str]) -> list[bytes]:
    """Visit a page and choose each region in turn; give the frames that ask for it, then for them.

    Raises
    ------
    RuntimeError
        An answer shows a fault.
    """
    visitor = Visitor(address)
    await visitor.open()
    for _ in range(_TURNS):
        for region in regions:
            if (await visitor.choose("f-region", region)).errors:
                raise RuntimeError(region)
    await visitor.close()
    return [frame(one) for one in (*visitor.sent[:_FIRST], *visitor.sent[-len(regions) :])]


def frame(message: bytes) -> bytes:
    """Write a WebSocket frame, compressed by itself, under a mask of zeros."""
    deflate = zlib.compressobj(wbits=-12)
    body = (deflate.compress(message) + deflate.flush(zlib.Z_SYNC_FLUSH))[:-4]
    short = len(body) < 126
    size = bytes([0x80 | len(body)]) if short else b"\xfe" + len(body).to_bytes(2)
    return bytes([_BINARY]) + size + bytes(4) + body


class Page(asyncio.Protocol):
    """One open page.

    Parameters
    ----------
    frames
        What it sends (:func:`recorded`).
    first
        Rank of the region that it chooses first.
    """

    def __init__(self, frames: Sequence[bytes], first: int) -> None:
        self._opening, turns = frames[:_FIRST], frames[_FIRST:]
        self._turn = cycle([*turns[first:], *turns[:first]])
        self._inflate = zlib.decompressobj(-15).decompress
        self._left = b""
        self._greeted = False
        self._answer: asyncio.Future | None = None

    async def open(self, through: str, process: str) -> "Page":
        """Open it at an address of nginx, on the process that listens at another."""
        where = urlsplit(through)
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: self, where.hostname, where.port)
        hello = _HELLO.format(where.netloc, urlsplit(process).port)
        for asked in (hello.encode(), *self._opening):
            await self._ask(asked)
        return self

    async def filter(self) -> None:
        """Choose the next region and wait until the answer has ended."""
        await self._ask(next(self._turn))

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    async def _ask(self, asked: bytes) -> None:
        if self._transport.is_closing():
            raise ConnectionResetError
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(asked)
        await self._answer

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Begin."""
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        """Tell who waits."""
        if self._answer and not self._answer.done():
            self._answer.set_exception(error or ConnectionResetError())

    def data_received(self, data: bytes) -> None:
        """Read the frames that are whole."""
        left = self._left + data
        if not self._greeted:
            head, ended, left = left.partition(b"\r\n\r\n")
            if not ended:
                self._left = head
                return
            self._greeted = True
            self._end(b" 101 " in head)
        at = 0
        while at + 4 <= len(left):
            begins, size = at + 2, left[at + 1]
            if size >= 126:
                begins += 2 if size == 126 else 8
                size = int.from_bytes(left[at + 2 : begins])
            if begins + size > len(left):
                break
            self._read(left[at], left[begins : begins + size])
            at = begins + size
        self._left = left[at:]

    def _read(self, kind: int, body: bytes) -> None:
        if kind & 0x0F == _PING:
            self._transport.write(bytes([_PONG, 0x80 | len(body)]) + bytes(4) + body)
            return
        message = self._inflate(body + b"\0\0\xff\xff")
        if len(message) >= _SHORT:
            return
        told = ForwardMsg.FromString(message)
        if told.WhichOneof("type") == "script_finished" and (
            told.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        ):
            self._end(told.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY)

    def _end(self, well: bool) -> None:
        if well:
            self._answer.set_result(None)
        else:
            self._answer.set_exception(RuntimeError("la page ne finit pas bien"))
