"""What a subscription knows: its position, and which messages it has had."""

from urllib.parse import quote

OWN = {"subscription", "message-id", "destination", "epoch", "seq", "timestamp", "content-type", "content-length", "type",
       "id", "sender", "traceparent"}
PREFIX = "/topic/"


def topic_of(destination):
    return destination[len(PREFIX):] if destination.startswith(PREFIX) else destination


class Subscription:
    """A topic, a destination of the user, or a pattern. Confined to the lock of the client."""

    def __init__(self, name, wire_id, destination, position=None, rewind=None):
        self.name = name
        self.wire_id = wire_id
        self.destination = destination
        self.position = position
        self.rewind = rewind
        self.positions = {}
        self.is_pattern = destination.startswith(PREFIX) and "*" in destination

    def headers(self, receipt):
        headers = {"id": self.wire_id, "destination": self.destination, "receipt": receipt}
        if self.is_pattern:
            if self.positions:
                headers["positions"] = ",".join(
                    f"{quote(PREFIX + topic, safe='/')}={epoch}-{seq}" for topic, (epoch, seq) in self.positions.items())
        elif self.position:
            headers["epoch"], headers["last-seq"] = self.position[0], str(self.position[1])
        elif self.rewind is not None:
            headers["rewind"] = str(self.rewind)
        return headers

    def confirm(self, frame):
        """Takes the position of a RECEIPT. Returns what the application is told, or None."""
        if self.is_pattern:
            return None
        recovered = frame.get("recovered")
        if frame.get("epoch") is not None:
            # With `rewind` the position is that of the last message that is replayed.
            if recovered == "false" or (self.position is None and frame.number("replayed") in (0, None)):
                self.position = (frame.get("epoch"), frame.number("seq"))
        if recovered is None:
            return None
        return {"recovered": recovered == "true", "reason": frame.get("reason")}

    def accept(self, frame):
        """Whether a message is new."""
        epoch, seq = frame.get("epoch"), frame.number("seq")
        if epoch is None or seq is None:
            return True
        return self._move(topic_of(frame.get("destination", "")), epoch, seq)

    def skip(self, frame):
        """Takes the position behind a gap."""
        if frame.get("epoch") is not None and frame.number("to") is not None:
            self._move(frame.get("topic", ""), frame.get("epoch"), frame.number("to"))

    def _move(self, topic, epoch, seq):
        known = self.positions.get(topic) if self.is_pattern else self.position
        if known and known[0] == epoch and seq <= known[1]:
            return False
        if self.is_pattern:
            self.positions[topic] = (epoch, seq)
        else:
            self.position = (epoch, seq)
        return True


def content_of(frame):
    """What the application is given of a message."""
    content = {
        "epoch": frame.get("epoch"), "seq": frame.number("seq"), "topic": topic_of(frame.get("destination", "")),
        "type": frame.get("type"), "headers": {name: value for name, value in frame.headers.items() if name not in OWN}}
    try:
        content["text"] = frame.body.decode()
    except UnicodeDecodeError:
        import base64
        content["base64"] = base64.b64encode(frame.body).decode()
    return content
