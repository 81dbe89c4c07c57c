"""STOMP 1.2 frames."""

ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", ":": "\\c"}
UNESCAPES = {"\\": "\\", "n": "\n", "r": "\r", "c": ":"}
PLAIN = ("CONNECT", "CONNECTED")


class Frame:
    def __init__(self, command, headers, body=b""):
        self.command = command
        self.headers = headers
        self.body = body

    def get(self, name, otherwise=None):
        return self.headers.get(name, otherwise)

    def number(self, name):
        value = self.headers.get(name)
        return int(value) if value is not None and value.isdigit() else None

    def encode(self):
        write = (lambda text: text) if self.command in PLAIN else escape
        lines = [self.command] + [f"{write(name)}:{write(value)}" for name, value in self.headers.items()]
        return "\n".join(lines).encode() + b"\n\n" + self.body + b"\0"


def escape(text):
    return "".join(ESCAPES.get(char, char) for char in text)


def unescape(text):
    if "\\" not in text:
        return text
    plain, at = [], 0
    while at < len(text):
        if text[at] == "\\" and at + 1 < len(text):
            at += 1
            plain.append(UNESCAPES.get(text[at], text[at]))
        else:
            plain.append(text[at])
        at += 1
    return "".join(plain)


def frames_of(message):
    """Yields the frames of one WebSocket message. Line ends between them are heartbeats."""
    at = 0
    while at < len(message):
        if message[at] in b"\r\n":
            at += 1
            continue
        end = message.index(b"\n\n", at) if b"\r" not in message[at:message.index(b"\n", at)] else message.index(b"\r\n\r\n", at)
        head = message[at:end].decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
        at = end + (4 if message[end:end + 1] == b"\r" else 2)
        read = (lambda text: text) if head[0] in PLAIN else unescape
        headers = {}
        for line in head[1:]:
            name, _, value = line.partition(":")
            headers.setdefault(read(name), read(value))
        length = headers.get("content-length")
        stop = at + int(length) if length is not None else message.index(b"\0", at)
        yield Frame(head[0], headers, message[at:stop])
        at = stop + 1
