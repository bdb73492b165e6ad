"""The transport against real sockets: order, bounds, and one client never harming another."""

from __future__ import annotations

import contextlib
import signal
import socket
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import socketio
import websocket
from hypothesis import given
from hypothesis import strategies as st
from socketio import packet as sio
from websocket import ABNF
from wsproto.frame_protocol import FrameProtocol

from app.live.transport import wire
from app.live.transport.packets import BadPacketError, LivePacket, read_payload, text_frame
from tests.live.member import Member
from tests.support.processes import ServerProcess
from tests.support.waiting import eventually

APP = "tests.live.transport_app"


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    with ServerProcess(APP) as process:
        yield process


@pytest.fixture
def port(server: ServerProcess) -> int:
    return server.port


# --- The frame -----------------------------------------------------------------------------------------------------


@given(st.one_of(st.binary(max_size=300), st.integers(65530, 65540).map(lambda size: b"x" * size)))
def test_a_frame_is_read_by_others_as_the_text_it_carries(payload: bytes) -> None:
    text = payload.decode("latin-1")
    reader = FrameProtocol(client=True, extensions=[])
    reader.receive_bytes(text_frame(text.encode()))
    frames = list(reader.received_frames())
    assert "".join(str(frame.payload) for frame in frames) == text
    assert frames[-1].message_finished


def test_everybody_in_the_room_gets_the_same_bytes(port: int) -> None:
    members = [Member(port, room="same") for _ in range(3)]
    speaker = Member(port)
    speaker.call("say", "same", 7, 1, 400)
    received = [member.ws.sock.recv(4096) for member in members]
    assert received[0].startswith(b"\x81\x7e")
    assert b'42/live,["event",{"seq": 7' in received[0]
    assert len(set(received)) == 1


def test_nobody_outside_the_room_gets_anything(port: int) -> None:
    outside = Member(port, room="elsewhere")
    Member(port).call("say", "same", 1, 3, 10)
    outside.ws.settimeout(0.3)
    with pytest.raises(websocket.WebSocketTimeoutException):
        outside.next()


def test_compression_is_not_taken_up(port: int) -> None:
    offer = {"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"}
    ws = websocket.create_connection(
        f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket", header=offer, timeout=5
    )
    assert "sec-websocket-extensions" not in ws.getheaders()


def test_packets_go_out_without_waiting_and_the_kernel_holds_little(port: int) -> None:
    seen = Member(port).call("inside")
    assert set(seen["nodelay"]) == {1}
    assert max(seen["buffers"]) <= 256 * 1024  # Linux doubles what one asks for


def test_the_client_is_told_how_large_a_message_may_be(port: int) -> None:
    assert Member(port).opening["maxPayload"] == 4096


# --- Order and bounds ----------------------------------------------------------------------------------------------


def test_acks_emits_and_ready_frames_keep_the_order_of_the_calls(port: int) -> None:
    member = Member(port, room="order")
    for first in range(0, 300, 3):
        member.send("mix", "order", first, 100)
    assert member.seqs(300) == list(range(300))


def test_the_order_holds_when_the_client_lags_behind(port: int) -> None:
    observer = Member(port)
    member = Member(port, room="lag", receive_buffer=8192)
    for first in range(0, 240, 3):
        member.send("mix", "lag", first, 6000)
    eventually(lambda: max(observer.call("inside")["waiting"]) > 100_000)
    assert member.seqs(240) == list(range(240))
    eventually(lambda: max(observer.call("inside")["waiting"]) == 0)
    member.send("mix", "lag", 1000, 10)
    assert member.seqs(3) == [1000, 1001, 1002]


def test_who_stops_reading_is_cut_off_and_nobody_else_notices(server: ServerProcess) -> None:
    slow = Member(server.port, room="flood", receive_buffer=8192)
    others = [Member(server.port, room="flood") for _ in range(3)]
    speaker = Member(server.port)
    began = time.monotonic()
    for first in range(0, 400, 20):
        assert speaker.call("say", "flood", first, 20, 8000) == 20
        for other in others:
            assert other.seqs(20) == list(range(first, first + 20))
    assert time.monotonic() - began < 5
    eventually(lambda: slow.sid in speaker.call("inside")["disconnected"])
    assert slow.closed_with() is None
    cut = [line for line in server.log().splitlines() if "cut a client off" in line]
    assert len(cut) == 1
    assert "reads too slowly" in cut[0]
    assert "ж" not in server.log()


@pytest.mark.parametrize(
    ("opcode", "payload", "fin"),
    [(ABNF.OPCODE_CONT, b"", 0), (ABNF.OPCODE_PING, b"", 1), (ABNF.OPCODE_TEXT, b'42/live,["nothing"]', 1)],
)
def test_who_never_stops_sending_has_no_more_than_a_turn(port: int, opcode: int, payload: bytes, fin: int) -> None:
    flooder, other = Member(port), Member(port)
    if opcode == ABNF.OPCODE_CONT:
        flooder.ws.send_frame(ABNF(0, 0, 0, 0, ABNF.OPCODE_TEXT, 1, b""))
    frames = ABNF(fin, 0, 0, 0, opcode, 1, payload).format() * 5000
    over = threading.Event()
    pouring = [
        threading.Thread(target=pour, args=(flooder, frames, over)),
        threading.Thread(target=drain, args=(flooder,)),
    ]
    for thread in pouring:
        thread.start()
    try:
        time.sleep(0.2)
        for _turn in range(5):
            other.call("inside")
    finally:
        over.set()
        pouring[0].join()
        flooder.vanish()
        pouring[1].join()


def pour(member: Member, frames: bytes, over: threading.Event) -> None:
    with contextlib.suppress(OSError):
        while not over.is_set():
            member.ws.sock.sendall(frames)


def drain(member: Member) -> None:
    with contextlib.suppress(OSError):
        while member.ws.sock.recv(65536):
            pass


def test_who_dies_in_the_middle_of_a_write_is_forgotten(port: int) -> None:
    dying = Member(port, room="death", receive_buffer=8192)
    living = Member(port, room="death")
    speaker = Member(port)
    speaker.call("say", "death", 0, 60, 8000)
    assert max(speaker.call("inside")["waiting"]) > 0
    dying.vanish()
    speaker.call("say", "death", 60, 60, 8000)
    assert living.seqs(120) == list(range(120))
    eventually(lambda: dying.sid in speaker.call("inside")["disconnected"])


def test_a_connection_that_never_enters_the_room_is_closed_at_the_first_heartbeat() -> None:
    with ServerProcess(APP, PING_INTERVAL="0.5") as server:
        staying = Member(server.port, room="any")
        idler = websocket.create_connection(
            f"ws://127.0.0.1:{server.port}/socket.io/?EIO=4&transport=websocket", timeout=5
        )
        assert idler.recv().startswith("0{")
        assert idler.recv() == "1"
        assert idler.recv_frame().opcode == ABNF.OPCODE_CLOSE
        staying.call("say", "any", 5, 1, 0)  # past a heartbeat or two


# --- Manners -------------------------------------------------------------------------------------------------------

DEEP = "[" * 3000


@pytest.mark.parametrize(
    "text",
    [
        "b4AAAA",
        '451-/live,["join",{"_placeholder":true,"num":0}]',
        '461-/live,1[{"_placeholder":true,"num":0}]',
        '42/live,["disconnect"]',
        '42/live,["connect",{}]',
        "42/live,{}",
        "42/live,[]",
        "42/live,[1]",
        "42/live,[",
        f"42/live,{DEEP}",
        "44/live,{}",
        "7",
        "0",
        "4",
        "",
    ],
)
def test_what_the_protocol_does_not_know_ends_the_connection(server: ServerProcess, text: str) -> None:
    rude = Member(server.port, room="manners")
    rude.ws.send(text)
    assert rude.closed_with() == 1002
    observer = Member(server.port)
    eventually(lambda: observer.call("inside")["disconnected"].count(rude.sid) == 1)
    assert "Traceback" not in server.log()


def test_binary_frames_are_refused(port: int) -> None:
    rude = Member(port)
    rude.ws.send_binary(b"\x00\x01")
    assert rude.closed_with() == 1003


def test_too_long_a_message_is_refused_however_it_is_cut_up(port: int) -> None:
    rude = Member(port)
    rude.ws.send_frame(ABNF.create_frame("x" * 3000, ABNF.OPCODE_TEXT, 0))
    rude.ws.send_frame(ABNF.create_frame("x" * 3000, ABNF.OPCODE_CONT, 0))
    assert rude.closed_with() == 1009


def test_a_message_in_pieces_with_a_ping_between_is_one_message(port: int) -> None:
    member = Member(port)
    member.ws.send_frame(ABNF.create_frame('42/live,99["insi', ABNF.OPCODE_TEXT, 0))
    member.ws.send_frame(ABNF.create_frame("there?", ABNF.OPCODE_PING, 1))
    pong = member.ws.recv_frame()
    assert (pong.opcode, pong.data) == (ABNF.OPCODE_PONG, b"there?")
    member.ws.send_frame(ABNF.create_frame('de"]', ABNF.OPCODE_CONT, 1))
    assert member.next().startswith("43/live,99[")


def test_other_namespaces_are_not_there(port: int) -> None:
    member = Member(port)
    member.ws.send("40{}")
    assert member.next().startswith("44")


def test_a_close_is_answered(port: int) -> None:
    member = Member(port)
    member.ws.send_close(1000)
    assert member.closed_with() == 1000


@given(st.text())
def test_no_text_makes_the_reader_stumble(text: str) -> None:
    with contextlib.suppress(BadPacketError):
        LivePacket(encoded_packet=text or "x")


@given(st.binary())
def test_no_bytes_make_the_poller_stumble(body: bytes) -> None:
    with contextlib.suppress(BadPacketError):
        list(read_payload(body))


def test_text_goes_out_as_text() -> None:
    said = LivePacket(sio.EVENT, data=["event", "责任"], namespace="/live").encode()
    assert said == '2/live,["event","责任"]'


# --- Long polling --------------------------------------------------------------------------------------------------


def polling_client(port: int, transports: list[str]) -> tuple[socketio.Client, list[int]]:
    received: list[int] = []
    client = socketio.Client(reconnection=False)
    client.on("event", lambda data: received.append(data["seq"]), namespace="/live")
    client.connect(f"http://127.0.0.1:{port}", namespaces=["/live"], transports=transports, wait_timeout=5)
    return client, received


def test_long_polling_gets_the_same_events(port: int) -> None:
    client, received = polling_client(port, ["polling"])
    try:
        client.call("join", "poll", namespace="/live")
        Member(port).call("say", "poll", 0, 20, 300)
        client.call("mix", ("poll", 20, 10), namespace="/live")
        eventually(lambda: received == list(range(22)))
        assert client.transport() == "polling"
    finally:
        client.disconnect()


def test_the_change_from_polling_to_websocket_loses_nothing(port: int) -> None:
    client, received = polling_client(port, ["polling", "websocket"])
    try:
        client.call("join", "upgrade", namespace="/live")
        assert client.transport() == "websocket"
        Member(port).call("say", "upgrade", 0, 50, 300)
        eventually(lambda: received == list(range(50)))
    finally:
        client.disconnect()


def test_what_was_said_during_the_change_comes_first(port: int) -> None:
    base = f"http://127.0.0.1:{port}/socket.io/?EIO=4&transport=polling"
    import requests

    sid = requests.get(base, timeout=5).text.split('"sid":"')[1].split('"')[0]
    requests.post(f"{base}&sid={sid}", data="40/live,{}", timeout=5)
    requests.get(f"{base}&sid={sid}", timeout=5)
    requests.post(f"{base}&sid={sid}", data='42/live,["join","between"]', timeout=5)
    ws = websocket.create_connection(f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket&sid={sid}", timeout=5)
    ws.send("2probe")
    assert ws.recv() == "3probe"
    speaker = Member(port)
    speaker.call("say", "between", 0, 5, 0)
    ws.send("5")
    speaker.call("say", "between", 5, 5, 0)
    assert [int(ws.recv().split('"seq": ')[1].split(",")[0]) for _ in range(10)] == list(range(10))


def test_a_poll_with_nonsense_is_refused(port: int) -> None:
    import requests

    base = f"http://127.0.0.1:{port}/socket.io/?EIO=4&transport=polling"
    sid = requests.get(base, timeout=5).text.split('"sid":"')[1].split('"')[0]
    assert requests.post(f"{base}&sid={sid}", data="bAAAA", timeout=5).status_code == 400
    assert requests.get(f"{base}&sid={sid}", timeout=5).status_code == 400


# --- The end -------------------------------------------------------------------------------------------------------


def test_a_server_that_stops_says_goodbye() -> None:
    with ServerProcess(APP) as server:
        member = Member(server.port, room="any")
        poller, _received = polling_client(server.port, ["polling"])
        server.signal(signal.SIGTERM)
        assert member.closed_with() == 1001
        eventually(lambda: not poller.connected)
        assert server.wait() == 0
        assert "Traceback" not in server.log()


@pytest.mark.parametrize(("between", "turns"), [(0.02, 0), (0.0, 2)])
def test_who_sends_now_and_then_is_not_kept_waiting(
    monkeypatch: pytest.MonkeyPatch, between: float, turns: int
) -> None:
    """A turn counts from the moment at which a client had to be waited for."""
    slept: list[float] = []
    monkeypatch.setattr(wire.gevent, "sleep", slept.append)
    frames = iter([ABNF(1, 0, 0, 0, ABNF.OPCODE_TEXT, 1, b"a comment").format()] * 3)

    class Reader:
        def read1(self, _size: int) -> bytes:
            time.sleep(between)
            return next(frames, b"")

    ours, theirs = socket.socketpair()
    with ours, theirs:
        connection = SimpleNamespace(_sock=ours, settimeout=ours.settimeout, setsockopt=ours.setsockopt)
        reader: Any = Reader()
        line = wire.Wire(connection, reader, 1000)
        for _text in line.messages():
            time.sleep(2 * wire.TURN)  # what the command costs
    assert len(slept) == turns
