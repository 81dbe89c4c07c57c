"""Texts that grow on a topic. Offsets count UTF-16 code units, so texts are kept as UTF-16."""

import threading

UNITS = "utf-16-le"
TIMEOUT = 30


class Texts:
    """
    Puts the texts of one topic together. `text(stream, text)` and `end(stream, outcome, text, complete)` are called with the
    lock of the client.
    """

    def __init__(self, lock, text, end):
        self.lock = lock
        self.text = text
        self.end = end
        self.known = {}
        self.timers = {}
        self.seconds = {}
        self.ended = set()

    def accept(self, frame):
        stream, offset = frame.get("stream-id"), frame.number("stream-offset")
        if stream is None or offset is None or stream in self.ended:
            return
        self.wait(stream, (frame.number("stream-timeout") or TIMEOUT * 1000) / 1000)
        known = self.known.get(stream, b"")
        if frame.get("type") == "stream.text":
            self.known[stream] = grown = self.join(known, offset * 2, frame.body.decode().encode(UNITS))
            if grown != known:
                self.text(stream, grown.decode(UNITS))
        elif frame.get("type") == "stream.end":
            self.finish(stream, frame.get("stream-outcome", "failed"), len(known) >= offset * 2)

    def join(self, known, at, piece):
        """A piece whose beginning is missing is left out; it comes again."""
        return known + piece[len(known) - at:] if at <= len(known) else known

    def wait(self, stream, seconds):
        """A text that does not grow has an empty piece from time to time. Without one its node has died."""
        self.seconds[stream] = seconds
        if stream in self.timers:
            self.timers[stream].cancel()
        self.timers[stream] = timer = threading.Timer(seconds, self.lose, (stream,))
        timer.daemon = True
        timer.start()

    def pause(self):
        """The connection is lost. The time counts on a live connection."""
        for timer in self.timers.values():
            timer.cancel()

    def resume(self):
        for stream, seconds in list(self.seconds.items()):
            self.wait(stream, seconds)

    def lose(self, stream):
        with self.lock:
            if stream not in self.ended:
                self.finish(stream, "lost", False)

    def finish(self, stream, outcome, complete):
        timer = self.timers.pop(stream, None)
        self.seconds.pop(stream, None)
        if timer:
            timer.cancel()
        if outcome != "lost":
            self.ended.add(stream)
        self.end(stream, outcome, self.known.get(stream, b"").decode(UNITS), complete)
