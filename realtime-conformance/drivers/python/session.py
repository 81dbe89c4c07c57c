"""One STOMP session over one WebSocket: CONNECT, heartbeats, and frames in both directions."""

import threading
import time

from stomp import Frame, frames_of
from websocket import Closed, WebSocket

SILENCE = 2.5
"""After so many intervals without a sign of life the connection is given up."""


class Session:
    """`run` reads until the connection ends, on the thread of the caller."""

    def __init__(self, url, headers, heartbeat, on_frame):
        self.on_frame = on_frame
        self.connected = False
        self.retry_after = None
        self.silent = False
        self.heartbeat = heartbeat
        self.socket = WebSocket(url, "v12.stomp")
        self.heard = self.sent = time.monotonic()
        host = url.split("/")[2]
        self.send("CONNECT", {
            **headers, "accept-version": "1.2", "host": host, "heart-beat": f"{heartbeat},{heartbeat}", "realtime": "1"})

    def send(self, command, headers, body=b""):
        """Raises OSError if the connection has ended."""
        self.sent = time.monotonic()
        self.socket.send(Frame(command, headers, body).encode())

    def run(self):
        """Returns the `Closed` that ended the connection."""
        try:
            while True:
                message = self.socket.receive()
                self.heard = time.monotonic()
                for frame in frames_of(message):
                    if frame.command == "CONNECTED":
                        self.connected = True
                        self._beat(frame.get("heart-beat", "0,0"))
                    if frame.command == "ERROR":
                        self.retry_after = frame.number("retry-after-ms")
                    self.on_frame(frame)
        except Closed as closed:
            return Closed(1006, "no heartbeat") if self.silent else closed
        except Exception as failure:
            return Closed(1006, f"A frame cannot be read: {failure!r}")
        finally:
            self.socket.abort()

    def abort(self):
        self.socket.abort()

    def _beat(self, theirs):
        can, wants = (int(number) for number in theirs.split(","))
        every = max(self.heartbeat, wants) / 1000 if self.heartbeat and wants else None
        silence = max(self.heartbeat, can) / 1000 * SILENCE if self.heartbeat and can else None
        if every or silence:
            threading.Thread(target=self._watch, args=(every, silence), daemon=True).start()

    def _watch(self, every, silence):
        while True:
            time.sleep(0.1)
            now = time.monotonic()
            try:
                if every and now - self.sent > every * 0.8:
                    self.sent = now
                    self.socket.send(b"\n")
            except OSError:
                return
            if silence and now - self.heard > silence:
                self.silent = True
                self.abort()
                return
