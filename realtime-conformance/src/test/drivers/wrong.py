"""Drives the client in Python with faults that the kit must find: python3 wrong.py FOLDER hasty|deaf"""

import sys

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])

import typing_signals  # noqa: E402
from client import Client  # noqa: E402
from driver import Driver, main  # noqa: E402


class Hasty(Client):
    """Does at once what should wait, and never looks again."""

    renewed = False

    # Transactions are not used.
    def publish(self, ref, destination, body, headers, transaction=None):
        super().publish(ref, destination, body, headers)

    def begin(self, name):
        pass

    commit = abort = begin

    # Says with every keystroke who types, on a topic that is none.
    def own_typing(self, topic):
        typing_signals.MUTED = 0
        return super().own_typing("/topic/" + topic)

    # Whoever types does so for ever.
    def watch_typing(self, name, topic):
        typing_signals.EXPIRES = 3600
        super().watch_typing(name, topic)
        self.typists[topic].message = lambda sender: None

    # Appends every piece, and waits for ever for the next.
    def follow(self, name, destination):
        super().follow(name, destination)
        for texts in self.texts.values():
            texts.join = lambda known, at, piece: known + piece
            texts.wait = lambda stream, seconds: None

    # Watches once, does not encode names, and does not say that it was refused.
    def _watch(self, wire_id):
        if not getattr(self, "watched", False):
            self.watched = True
            name, topics = self.watches[wire_id]
            self._send_now("SUBSCRIBE", {"id": wire_id, "destination": "/realtime/unread", "topics": ",".join(topics)})

    def mark_read(self, topic, position=None):
        super().mark_read(topic)

    # Renews once, and gives up if that is refused.
    def _on_expiring(self, frame):
        if not self.renewed:
            self.renewed = True
            super()._on_expiring(frame)

    def _not_renewed(self, *why):
        pass


class Deaf(Client):
    """Does not hear what it asked for."""

    def _on_signal(self, frame):
        pass

    # One text, shown when it is complete, and only on the first connection.
    def follow(self, name, destination):
        super().follow(name, destination)
        texts = list(self.texts.values())[0]
        shown, end, accept = texts.text, texts.end, texts.accept
        texts.text = lambda stream, text: None
        texts.end = lambda stream, outcome, text, complete: (shown(stream, text), end(stream, outcome, text, complete))

        def accept_as_one(frame):
            frame.headers["stream-id"] = "one"
            accept(frame)
        texts.accept = accept_as_one

    def _connected(self):
        if self.texts:
            self.subscriptions.clear()
        super()._connected()

    def watch_unread(self, name, topics):
        pass

    def mark_read(self, topic, position=None):
        pass


Driver.client_type = {"hasty": Hasty, "deaf": Deaf}[sys.argv[2]]
main(Driver())
