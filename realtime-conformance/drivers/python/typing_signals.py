"""Who is typing."""

import threading
import time

MUTED = 5
"""The first keystroke is announced; the next so many seconds have no news."""
EXPIRES = 7
"""Who says nothing more for so many seconds has stopped."""


class OwnTyping:
    """What the others have been told of this user on one topic."""

    def __init__(self, send):
        self.send = send
        self.told = float("-inf")

    def start(self):
        now = time.monotonic()
        if now - self.told >= MUTED and self.send("true"):
            self.told = now

    def stop(self):
        if time.monotonic() - self.told < EXPIRES:
            self.send("false")
        self.told = float("-inf")


class Typists:
    """The others who type on one topic. The lock is that of the client."""

    def __init__(self, lock, changed):
        self.lock = lock
        self.changed = changed
        self.timers = {}

    def signal(self, user, typing):
        with self.lock:
            timer = self.timers.pop(user, None)
            if timer:
                timer.cancel()
            if typing:
                self.timers[user] = self.timer(user)
            if typing != (timer is not None):
                self.changed(list(self.timers))

    def timer(self, user):
        timer = threading.Timer(EXPIRES, self.signal, (user, False))
        timer.daemon = True
        timer.start()
        return timer

    def message(self, sender):
        """Whose message has come is no longer typing it."""
        if sender in self.timers:
            self.signal(sender, False)
