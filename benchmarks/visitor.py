"""A visitor without a browser: Streamlit's own protocol over one WebSocket.

It does what Streamlit's page does on the wire: asks for runs, says which messages it still has
(the server then sends their fingerprint alone), and counts the bytes as they travel.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from streamlit import config
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect


@dataclass(frozen=True)
class Answer:
    """What one run of the page sent.

    Attributes
    ----------
    raw, wire
        Bytes of the messages, and of the connection: compressed, with the frames' heads.
    errors
        Exceptions shown in the page, and runs that did not end well.
    messages
        Every message, as the server sent it.
    """

    raw: int
    wire: int
    errors: int
    messages: list[ForwardMsg]


class _Counted(ClientConnection):
    """A connection that counts what it receives."""

    received = 0

    def data_received(self, data: bytes) -> None:
        """Count, then read."""
        self.received += len(data)
        super().data_received(data)


class Visitor:
    """One open page.

    Parameters
    ----------
    address
        ``http://host:port`` of the server.
    query
        What follows ``?`` in the page's address.

    Attributes
    ----------
    sent
        What was sent so far, to be sent again by others (``benchmarks/replayed.py``).
    """

    def __init__(self, address: str, *, query: str = "") -> None:
        self.address = address
        self.query = query
        self.sent: list[bytes] = []
        self.widgets: dict[str, str] = {}
        self._kept: dict[str, tuple[int, ForwardMsg]] = {}
        self._run = 0
        self._socket: _Counted | None = None

    async def open(self) -> Answer:
        """Connect and run the page until it is whole: at first sight it sends its map alone."""
        self._socket = await connect(
            f"{self.address.replace('http', 'ws', 1)}/_stcore/stream",
            subprotocols=["streamlit"],
            create_connection=_Counted,
            max_size=None,
        )
        await self._ask(None)
        return await self._ask(None)

    async def close(self) -> None:
        """Close the connection."""
        await self._socket.close()

    async def choose(self, key: str, *values: str) -> Answer:
        """Set a widget of several values, by its key, and run the page.

        Raises
        ------
        KeyError
            The page shows no widget of this key.
        """
        state = WidgetState(id=self.widgets[key])
        state.string_array_value.data.extend(values)
        return await self._ask(state)

    async def _ask(self, state: WidgetState | None) -> Answer:
        """Ask for a run and read it to its end."""
        asked = BackMsg()
        run = asked.rerun_script
        run.query_string = self.query
        run.cached_message_hashes.extend(self._kept)
        run.context_info.url = f"{self.address}/?{self.query}"
        run.context_info.color_scheme = "light"
        run.context_info.timezone = "Europe/Paris"
        run.context_info.locale = "fr-FR"
        if state is not None:
            run.widget_states.widgets.append(state)
        before = self._socket.received
        self.sent.append(asked.SerializeToString())
        await self._socket.send(self.sent[-1])
        raw, errors, messages = 0, 0, []
        async for data in self._messages():
            raw += len(data)
            message = ForwardMsg.FromString(data)
            messages.append(message)
            errors += self._read(message)
            if message.WhichOneof("type") == "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    continue
                errors += message.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY
                break
        self._forget()
        return Answer(raw, self._socket.received - before, errors, messages)

    async def _messages(self) -> Iterator[bytes]:
        while True:
            yield await self._socket.recv()

    def _read(self, message: ForwardMsg) -> int:
        """Keep what the page would keep; give 1 when it shows a fault."""
        whole = message
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            whole = self._kept[message.ref_hash][1]
        if message.metadata.cacheable or kind == "ref_hash":
            self._kept[whole.hash] = (self._run, whole)
        if kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        if whole.WhichOneof("type") != "delta":
            return 0
        element = whole.delta.new_element
        name = element.WhichOneof("type")
        identity = getattr(getattr(element, name, None), "id", "") if name else ""
        if isinstance(identity, str) and identity.startswith("$$ID-"):
            self.widgets[identity.split("-", 2)[2]] = identity
        return int(name == "exception")

    def _forget(self) -> None:
        """Forget, as the page does, what was not used in the last runs."""
        self._run += 1
        oldest = self._run - int(config.get_option("global.maxCachedMessageAge"))
        self._kept = {key: held for key, held in self._kept.items() if held[0] >= oldest}
