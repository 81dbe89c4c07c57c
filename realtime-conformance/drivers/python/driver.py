"""Drives a client in Python: python3 driver.py

The client needs Python 3.9 or later and no other package. It has no streams over HTTP.
"""

import json
import sys
import threading

from client import Client
from subscriptions import topic_of

output = threading.Lock()


def report(event, **members):
    with output:
        sys.stdout.write(json.dumps({"event": event, **members}) + "\n")
        sys.stdout.flush()


class Driver:
    """A method for each command."""

    client_type = Client

    def connect(self, url, headers, heartbeatMs=4000, transport="websocket"):
        if transport != "websocket":
            report("unsupported", command="connect")
            return
        self.client = self.client_type(url, headers, heartbeatMs, report)

    def credentials(self, headers):
        self.client.credentials = headers

    def subscribe(self, id, destination, position=None, rewind=None):
        self.client.subscribe(id, destination, position and (position["epoch"], position["seq"]), rewind)

    def unsubscribe(self, id):
        self.client.unsubscribe(id)

    def publish(self, ref, destination, text, id=None, type=None, headers=None, transaction=None):
        own = {**(headers or {}), **({"id": id} if id else {}), **({"type": type} if type else {})}
        self.client.publish(ref, destination, text.encode(), own, transaction)

    def begin(self, transaction):
        self.client.begin(transaction)

    def commit(self, transaction):
        self.client.commit(transaction)

    def abort(self, transaction):
        self.client.abort(transaction)

    def typing(self, destination, typing):
        own = self.client.own_typing(topic_of(destination))
        if typing:
            own.start()
        else:
            own.stop()

    def watchTyping(self, id, destination):
        self.client.watch_typing(id, topic_of(destination))

    def watchUnread(self, id, topics):
        self.client.watch_unread(id, topics)

    def markRead(self, topic, position=None):
        self.client.mark_read(topic, position)

    def followText(self, id, destination):
        self.client.follow(id, destination)

    def disconnect(self):
        self.client.disconnect()


def main(driver):
    report("ready")
    for line in sys.stdin:
        command = json.loads(line)
        name = command.pop("command")
        handler = getattr(driver, name, None)
        if handler is None:
            report("unsupported", command=name)
            continue
        try:
            handler(**command)
        except Exception as failure:
            report("error", message=repr(failure))


if __name__ == "__main__":
    main(Driver())
