"""WebSocket messages over a socket: as much of RFC 6455 as a client needs, in the standard library alone."""

import base64
import hashlib
import os
import socket
import ssl
import struct
import threading
from urllib.parse import urlsplit

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
LARGEST = 16 * 1024 * 1024


class Closed(Exception):
    """The connection has ended. The code is 1006 if there was no close frame."""

    def __init__(self, code=1006, reason=""):
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason


class WebSocket:
    """One connection. `receive` belongs to one thread; all other methods may be called by any."""

    def __init__(self, url, protocol, timeout=10):
        parts = urlsplit(url)
        secure = parts.scheme == "wss"
        port = parts.port or (443 if secure else 80)
        self.socket = socket.create_connection((parts.hostname, port), timeout)
        if secure:
            self.socket = ssl.create_default_context().wrap_socket(self.socket, server_hostname=parts.hostname)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.lock = threading.Lock()
        self.reader = self.socket.makefile("rb")
        try:
            self._shake_hands(parts, port, protocol)
        except Exception:
            self.abort()
            raise
        self.socket.settimeout(None)

    def _shake_hands(self, parts, port, protocol):
        key = base64.b64encode(os.urandom(16)).decode()
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self.socket.sendall((
            f"GET {target} HTTP/1.1\r\nHost: {parts.hostname}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: {protocol}\r\n\r\n").encode())
        status = self.reader.readline().decode("latin-1")
        headers = {}
        while True:
            line = self.reader.readline().decode("latin-1").strip()
            if not line:
                break
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        if " 101 " not in status:
            raise Closed(1006, f"The handshake was refused: {status.strip()}")
        accept = base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()
        if headers.get("sec-websocket-accept") != accept:
            raise Closed(1006, "The handshake was answered by something else")

    def receive(self):
        """Returns the bytes of the next message, text or binary. Raises `Closed` at the end of the connection."""
        message = b""
        while True:
            last, opcode, payload = self._frame()
            if opcode == PING:
                self._send(PONG, payload)
            elif opcode == CLOSE:
                code = struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else 1005
                try:
                    self._send(CLOSE, payload[:2])
                except OSError:
                    pass
                self.abort()
                raise Closed(code, payload[2:].decode("utf-8", "replace"))
            elif opcode in (CONTINUATION, TEXT, BINARY):
                message += payload
                if len(message) > LARGEST:
                    self.abort()
                    raise Closed(1009, "The message is too large")
                if last:
                    return message

    def _frame(self):
        first, second = self._read(2)
        length = second & 0x7F
        if length == 126:
            length = struct.unpack(">H", self._read(2))[0]
        elif length == 127:
            length = struct.unpack(">Q", self._read(8))[0]
        if length > LARGEST:
            self.abort()
            raise Closed(1009, "The frame is too large")
        return bool(first & 0x80), first & 0x0F, self._read(length)

    def _read(self, count):
        try:
            read = self.reader.read(count)
        except (OSError, ValueError):
            read = b""
        if len(read) < count:
            raise Closed()
        return read

    def send(self, payload):
        """Sends a message: as text if it is UTF-8, which STOMP frames usually are."""
        try:
            payload.decode()
            self._send(TEXT, payload)
        except UnicodeDecodeError:
            self._send(BINARY, payload)

    def _send(self, opcode, payload):
        mask = os.urandom(4)
        length = len(payload)
        if length < 126:
            head = struct.pack(">BB", 0x80 | opcode, 0x80 | length)
        elif length < 65536:
            head = struct.pack(">BBH", 0x80 | opcode, 0xFE, length)
        else:
            head = struct.pack(">BBQ", 0x80 | opcode, 0xFF, length)
        key = mask * (length // 4 + 1)
        masked = (int.from_bytes(payload, "big") ^ int.from_bytes(key[:length], "big")).to_bytes(length, "big")
        with self.lock:
            self.socket.sendall(head + mask + masked)

    def abort(self):
        """Ends the connection at once; `receive` raises `Closed`."""
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()
