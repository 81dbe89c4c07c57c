"""A client in the standard library alone: connection, subscriptions, recovery, publishing."""

import itertools
import json
import random
import threading
import time
from urllib.parse import quote

from session import Session
from subscriptions import Subscription, content_of, topic_of
from texts import Texts
from typing_signals import OwnTyping, Typists
from websocket import Closed

LONGEST_DELAY = 30
STABLE = 10
"""A connection that has lasted so many seconds starts the backoff anew."""
REWIND = 1000


def is_final(code):
    return code == 1008 or 4500 <= code <= 4999


class Client:
    """Reports what happens with `report(event, **members)`. All methods return at once."""

    def __init__(self, url, headers, heartbeat, report):
        self.url = url
        self.credentials = headers
        self.heartbeat = heartbeat
        self.report = report
        self.lock = threading.RLock()
        self.ids = itertools.count()
        self.wanted = True
        self.woken = threading.Event()
        self.session = None
        self.announced = None
        self.queue = []
        self.receipts = {}
        self.subscriptions = {}
        self.watches = {}
        self.texts = {}
        self.typing = {}
        self.typists = {}
        self.transactions = {}
        threading.Thread(target=self._run, daemon=True).start()

    # Connection

    def _run(self):
        attempt = 0
        while self.wanted:
            began = time.monotonic()
            session = None
            try:
                session = Session(self.url, self.credentials, self.heartbeat, self._on_frame)
                self.session = session
                closed = session.run()
            except (OSError, Closed) as failure:
                closed = failure if isinstance(failure, Closed) else Closed(1006, str(failure))
            attempt = 0 if time.monotonic() - began > STABLE else attempt
            with self.lock:
                self._lost(session, closed)
                retry_after = session.retry_after if session else None
            if is_final(closed.code) and retry_after is None:
                return
            self.woken.wait(self._delay(attempt, retry_after))
            attempt += 1

    def _delay(self, attempt, retry_after):
        announced, self.announced = self.announced, None
        if retry_after is not None:
            return retry_after / 1000 + random.random()
        if announced is not None:
            return max(0, announced - time.monotonic())
        return random.uniform(0, min(LONGEST_DELAY, 2 ** attempt))

    def _lost(self, session, closed):
        was, self.session = self.session, None
        for texts in self.texts.values():
            texts.pause()
        if was is not None:
            self.report("disconnected", code=closed.code, reason=closed.reason)
        if session is not None and session.connected:
            receipts, self.receipts = self.receipts, {}
            self.transactions.clear()
            for _, failed in receipts.values():
                failed("disconnected", "The connection was lost before the answer came", None)

    def disconnect(self):
        with self.lock:
            self.wanted = False
            self.woken.set()
            session = self.session
        if session:
            self._send("DISCONNECT", {"receipt": self._id("bye")})
            self._later(2, session.abort)

    # Frames

    def _id(self, kind):
        return f"{kind}-{next(self.ids)}"

    def _later(self, seconds, task, *args):
        timer = threading.Timer(seconds, task, args)
        timer.daemon = True
        timer.start()

    def _send(self, command, headers, body=b""):
        """Frames wait while there is no connection."""
        with self.lock:
            if not self._send_now(command, headers, body):
                self.queue.append((command, headers, body))

    def _send_now(self, command, headers, body=b""):
        session = self.session
        if session is None or not session.connected:
            return False
        try:
            session.send(command, headers, body)
        except OSError:
            session.abort()
        return True

    def _expect(self, kind, received, failed):
        receipt = self._id(kind)
        self.receipts[receipt] = (received, failed)
        return receipt

    def _on_frame(self, frame):
        with self.lock:
            if frame.command == "CONNECTED":
                self._connected()
            elif frame.command == "RECEIPT":
                received, _ = self.receipts.pop(frame.get("receipt-id"), (None, None))
                if received:
                    received(frame)
            elif frame.command == "MESSAGE":
                if frame.get("subscription") == "realtime":
                    self._control(frame)
                else:
                    self._message(frame)

    def _connected(self):
        self.report("connected")
        for texts in self.texts.values():
            texts.resume()
        for subscription in list(self.subscriptions.values()):
            self._subscribe(subscription)
        for wire_id in list(self.watches):
            self._watch(wire_id)
        queue, self.queue = self.queue, []
        for frame in queue:
            self._send(*frame)

    def _message(self, frame):
        wire_id = frame.get("subscription")
        if wire_id in self.watches:
            self.report("unread", **{"id": self.watches[wire_id][0], **json.loads(frame.body)})
            return
        subscription = self.subscriptions.get(wire_id)
        if subscription is None or not subscription.accept(frame):
            return
        typists = self.typists.get(topic_of(frame.get("destination", "")))
        if typists:
            typists.message(frame.get("sender"))
        texts = self.texts.get(wire_id)
        if texts:
            texts.accept(frame)
        else:
            self.report("message", id=subscription.name, **content_of(frame))

    def _control(self, frame):
        handler = getattr(self, "_on_" + frame.get("event", "").replace("-", "_"), None)
        if handler:
            handler(frame)

    def _on_gap(self, frame):
        subscription = self.subscriptions.get(frame.get("subscription-id"))
        if subscription:
            subscription.skip(frame)
            self.report("gap", **{"id": subscription.name, "from": frame.number("from"), "to": frame.number("to"),
                                  "reason": frame.get("reason"), "topic": frame.get("topic")})

    def _on_denied(self, frame):
        reason, message, retry_after = frame.get("reason"), frame.get("message"), frame.number("retry-after-ms")
        _, failed = self.receipts.pop(frame.get("receipt-id"), (None, None))
        if failed:
            failed(reason, message, retry_after)
            return
        subscription = self.subscriptions.pop(frame.get("subscription-id"), None)
        if subscription:
            self.report("denied", id=subscription.name, reason=reason, message=message)

    def _on_reconnect(self, frame):
        delay = (frame.number("after-ms") or 0) / 1000
        self.announced = time.monotonic() + delay
        self._later(delay, self.session.abort)

    def _on_signal(self, frame):
        subscription = self.subscriptions.get(frame.get("subscription-id"))
        payload = json.loads(frame.body) if frame.body else None
        typists = self.typists.get(frame.get("topic"))
        if frame.get("type") == "typing" and typists:
            typists.signal(frame.get("user"), bool(payload and payload.get("typing")))
        elif subscription:
            self.report("signal", id=subscription.name, type=frame.get("type"), user=frame.get("user"), payload=payload)

    # Credentials

    def _on_expiring(self, frame):
        self._renew_later(self.session, time.monotonic() + (frame.number("in-ms") or 0) / 1000)

    def _renew_later(self, session, end):
        """In the second quarter of the time that is left, so that not all clients renew at once."""
        left = end - time.monotonic()
        if left > 0:
            self._later(left * random.uniform(0.25, 0.5), self._renew, session, end)

    def _renew(self, session, end):
        with self.lock:
            if self.session is session:
                receipt = self._expect("auth", lambda _: None, lambda *why: self._not_renewed(session, end, *why))
                self._send_now("SEND", {**self.credentials, "destination": "/realtime/auth", "receipt": receipt})

    def _not_renewed(self, session, end, reason, *_):
        if reason == "credentials-unchecked":
            self._renew_later(session, end)
        elif reason != "disconnected":
            session.abort()

    # Subscriptions

    def subscribe(self, name, destination, position=None, rewind=None):
        with self.lock:
            subscription = Subscription(name, self._id("sub"), destination, position, rewind)
            self.subscriptions[subscription.wire_id] = subscription
            self._subscribe(subscription)
            return subscription

    def _subscribe(self, subscription):
        receipt = self._expect("live", lambda frame: self._live(subscription, frame),
                               lambda *why: self._refused(subscription, *why))
        if not self._send_now("SUBSCRIBE", subscription.headers(receipt)):
            del self.receipts[receipt]

    def _live(self, subscription, frame):
        told = subscription.confirm(frame)
        if told:
            self.report("recovered", id=subscription.name, **told)

    def _refused(self, subscription, reason, message, retry_after):
        if reason == "disconnected":
            return
        if retry_after is not None:
            self._later(retry_after / 1000, self._again, subscription)
            return
        self.subscriptions.pop(subscription.wire_id, None)
        self.report("denied", id=subscription.name, reason=reason, message=message)

    def _again(self, subscription):
        with self.lock:
            if subscription.wire_id in self.subscriptions:
                self._subscribe(subscription)

    def unsubscribe(self, name):
        with self.lock:
            for wire_id in [each for each, known in self.subscriptions.items() if known.name == name]:
                del self.subscriptions[wire_id]
                self._send_now("UNSUBSCRIBE", {"id": wire_id})

    def follow(self, name, destination):
        with self.lock:
            subscription = self.subscribe(name, destination, rewind=REWIND)
            self.texts[subscription.wire_id] = Texts(
                self.lock, lambda stream, text: self.report("text", id=name, stream=stream, text=text),
                lambda stream, outcome, text, complete: self.report(
                    "textEnd", id=name, stream=stream, outcome=outcome, text=text, complete=complete))

    # Publishing

    def publish(self, ref, destination, body, headers, transaction=None):
        with self.lock:
            receipt = self._expect(
                "pub", lambda frame: self.report("published", ref=ref, epoch=frame.get("epoch"), seq=frame.number("seq")),
                lambda reason, message, _: self.report("failed", ref=ref, reason=reason, message=message))
            frame = {**headers, "destination": destination, "receipt": receipt, "content-type": "text/plain;charset=UTF-8",
                     "content-length": str(len(body))}
            if transaction is not None:
                known = self.transactions[transaction]
                frame["transaction"] = known[0]
                known.append(receipt)
            self._send("SEND", frame, body)

    def begin(self, name):
        with self.lock:
            self.transactions[name] = [self._id("tx")]
            self._send("BEGIN", {"transaction": self.transactions[name][0]})

    def commit(self, name):
        with self.lock:
            known = self.transactions.pop(name)
            self._send("COMMIT", {"transaction": known[0]})

    def abort(self, name):
        """The server does not answer what is aborted."""
        with self.lock:
            known = self.transactions.pop(name)
            self._send("ABORT", {"transaction": known[0]})
            for receipt in known[1:]:
                _, failed = self.receipts.pop(receipt)
                failed("aborted", "The transaction was aborted", None)

    # Typing, read and unread

    def own_typing(self, topic):
        send = lambda value: self._send_now("SEND", {"destination": "/realtime/typing", "topic": topic, "typing": value})
        return self.typing.setdefault(topic, OwnTyping(send))

    def watch_typing(self, name, topic):
        with self.lock:
            self.typists[topic] = Typists(self.lock, lambda users: self.report("typing", id=name, users=users))

    def watch_unread(self, name, topics):
        with self.lock:
            wire_id = self._id("unread")
            self.watches[wire_id] = (name, topics)
            self._watch(wire_id)

    def _watch(self, wire_id):
        name, topics = self.watches[wire_id]
        receipt = self._expect("watch", lambda _: None, lambda *why: self._not_watched(wire_id, *why))
        self._send_now("SUBSCRIBE", {"id": wire_id, "destination": "/realtime/unread", "receipt": receipt,
                                     "topics": ",".join(quote(topic, safe="") for topic in topics)})

    def _not_watched(self, wire_id, reason, message, _):
        if reason != "disconnected":
            name, _ = self.watches.pop(wire_id)
            self.report("denied", id=name, reason=reason, message=message)

    def mark_read(self, topic, position=None):
        headers = {"destination": "/realtime/read", "topic": topic}
        if position:
            headers["epoch"], headers["seq"] = position["epoch"], str(position["seq"])
        self._send("SEND", headers)
