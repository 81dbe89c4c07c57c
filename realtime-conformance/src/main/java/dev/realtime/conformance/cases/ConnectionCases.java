package dev.realtime.conformance.cases;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import dev.realtime.conformance.driver.Event;
import dev.realtime.conformance.scene.Case;
import dev.realtime.conformance.scene.CaseSkipped;
import dev.realtime.conformance.scene.Scene;
import dev.realtime.conformance.wire.Link;
import dev.realtime.conformance.wire.StompFrame;

/** The handshake, and frames in all forms in which a server may write them. */
final class ConnectionCases {

	private static final String CONNECTION = "connection";

	private static final int PIECE = 7;

	private ConnectionCases() {
	}

	static List<Case> all() {
		return List.of(
				Case.required("connection/handshake", CONNECTION,
						"The server and proxies on the way choose the protocol by the handshake and by CONNECT.",
						ConnectionCases::handshake),
				Case.required("connection/packed", CONNECTION,
						"A busy server puts several frames into one WebSocket message; all but the first would be lost.",
						ConnectionCases::packed),
				Case.required("connection/fragments", CONNECTION,
						"Proxies cut WebSocket messages anywhere, also within a character.",
						ConnectionCases::fragments),
				Case.optional("connection/line-ends", CONNECTION,
						"STOMP 1.2 allows line ends between frames, also in the same WebSocket message.",
						ConnectionCases::lineEnds),
				Case.required("connection/binary", CONNECTION,
						"A message whose payload is not UTF-8 makes the whole WebSocket message a binary one.",
						ConnectionCases::binary),
				Case.required("connection/not-utf-8", CONNECTION,
						"One payload of bytes must not end the subscription for the payloads that follow.",
						ConnectionCases::notUtf8),
				Case.required("connection/nul", "message",
						"A body may contain NUL; `content-length` says where it ends.", ConnectionCases::nul),
				Case.required("connection/large", "message",
						"`content-length` counts bytes; a client that counts characters finds no end.",
						ConnectionCases::large),
				Case.required("connection/escapes", CONNECTION,
						"Header names and values are escaped as in STOMP 1.2; applications see wrong values otherwise.",
						ConnectionCases::escapes),
				Case.required("connection/unknown", "control-events",
						"Later servers send headers and events that do not exist yet; a client must ignore them.",
						ConnectionCases::unknown),
				Case.required("connection/disconnect", "disconnect",
						"A client that comes back after it was told to leave keeps users online for ever.",
						ConnectionCases::disconnect));
	}

	private static void handshake(Scene scene) {
		Link link = scene.connect();
		scene.check(List.of(link.handshakeHeader("Sec-WebSocket-Protocol").split(",\\s*", -1)).contains("v12.stomp"),
				"a handshake with the subprotocol v12.stomp");
		StompFrame connect = scene.connectFrame(link);
		scene.check(link.sent().get(0) == connect, "CONNECT as the first frame");
		scene.check(List.of(connect.text("accept-version").split(",", -1)).contains("1.2"),
				"`accept-version` with 1.2 in CONNECT");
		scene.check(connect.header("host") != null, "a header `host` in CONNECT");
	}

	private static void packed(Scene scene) {
		Link link = scene.connect();
		StompFrame connect = scene.connectFrame(link);
		if (connect.header("realtime") == null || connect.header("single-frames") != null) {
			throw new CaseSkipped("the client asks for one frame in each WebSocket message");
		}
		scene.subscribe("a", "room");
		List<StompFrame> held = hold(scene, 3);
		link.deliver(held.toArray(StompFrame[]::new));
		scene.expectMessages("a", "1", "2", "3");
	}

	/** Publishes so many messages, and keeps them from the client. */
	private static List<StompFrame> hold(Scene scene, int count) {
		List<StompFrame> held = new ArrayList<>();
		scene.wire().onNodeFrame((link, frame) -> {
			if (!frame.isMessage()) {
				return true;
			}
			synchronized (held) {
				held.add(frame);
			}
			return false;
		});
		for (int i = 1; i <= count; i++) {
			scene.publish("room", Integer.toString(i));
		}
		scene.await("the node's messages", () -> {
			synchronized (held) {
				return held.size() == count;
			}
		});
		scene.wire().passAll();
		synchronized (held) {
			return List.copyOf(held);
		}
	}

	private static void fragments(Scene scene) {
		String text = "Grüße 👋 für Zoë";
		Link link = scene.connect();
		scene.subscribe("a", "room");
		scene.wire().onNodeFrame((each, frame) -> {
			if (frame.isMessage()) {
				each.deliverInFragments(frame, PIECE);
			}
			return !frame.isMessage();
		});
		scene.publish("room", text, "2");
		scene.expectMessages("a", text, "2");
		scene.check(scene.link() == link, "the same connection");
	}

	private static void lineEnds(Scene scene) {
		scene.connect();
		scene.subscribe("a", "room");
		scene.wire().onNodeFrame((link, frame) -> {
			if (frame.isMessage()) {
				link.deliverAfterLineEnds(frame);
			}
			return !frame.isMessage();
		});
		scene.publish("room", "1", "2");
		scene.expectMessages("a", "1", "2");
	}

	private static void binary(Scene scene) {
		scene.connect();
		scene.subscribe("a", "room");
		scene.wire().onNodeFrame((link, frame) -> {
			if (frame.isMessage()) {
				link.deliverAsBinary(frame);
			}
			return !frame.isMessage();
		});
		scene.publish("room", "Grüße", "2");
		scene.expectMessages("a", "Grüße", "2");
	}

	private static void notUtf8(Scene scene) {
		byte[] payload = { (byte) 0xff, (byte) 0xfe, 0, (byte) 0x80, 'x' };
		scene.connect();
		scene.subscribe("a", "room");
		scene.server().publish(scene.topic("room"), "application/octet-stream", payload, null, Map.of());
		scene.publish("room", "2");
		Event second = scene.awaitEvent("message", "a", " with the text 2", (event) -> event.text("text").equals("2"));
		List<Event> messages = scene.events("message", "a");
		scene.check(messages.size() == 2 && messages.get(1).equals(second), "two messages of `a`");
		String base64 = messages.get(0).text("base64");
		scene.check(base64.isEmpty() || Arrays.equals(Base64.getDecoder().decode(base64), payload),
				"the bytes of the payload in `base64`");
	}

	private static void nul(Scene scene) {
		scene.connect();
		scene.subscribe("a", "room");
		scene.publish("room", "before\u0000after", "2");
		scene.expectMessages("a", "before\u0000after", "2");
	}

	private static void large(Scene scene) {
		String text = "ü€😀.".repeat(6_000);
		scene.connect();
		scene.subscribe("a", "room");
		scene.publish("room", text, "2");
		scene.expectMessages("a", text, "2");
	}

	private static void escapes(Scene scene) {
		String name = "na:me";
		String value = "C:\\temp\nline two: \\n is no line end";
		scene.connect();
		scene.subscribe("a", "room");
		scene.server()
			.publish(scene.topic("room"), "text/plain", "1".getBytes(StandardCharsets.UTF_8), "a:type",
					Map.of(name, value));
		Event message = scene.expectMessages("a", "1").get(0);
		scene.check(message.json().path("headers").path(name).asText().equals(value),
				"the header `" + name + "` with the value " + Event.quoted(value));
		scene.check(message.text("type").equals("a:type"), "the type `a:type`");
	}

	private static void unknown(Scene scene) {
		Link link = scene.connect();
		scene.subscribe("a", "room");
		if (scene.asksForControlEvents(link)) {
			link.deliver(StompFrame.event("from-the-future", Map.of("subscription-id", "a", "when", "later")));
		}
		scene.wire().onNodeFrame((each, frame) -> {
			if (frame.isMessage()) {
				each.deliver(frame.with("a-new-header", "1"));
			}
			return !frame.isMessage();
		});
		scene.publish("room", "1", "2");
		scene.expectMessages("a", "1", "2");
		scene.check(scene.link() == link, "the same connection");
	}

	private static void disconnect(Scene scene) {
		Link link = scene.connect();
		scene.command("disconnect");
		scene.await("the end of the connection", () -> link.endedAt() != null);
		scene.check(
				link.clientCloseCode() != 0 || link.sent().stream().anyMatch((f) -> f.command().equals("DISCONNECT")),
				"DISCONNECT, or a WebSocket close frame");
		int tries = scene.wire().attempts().size();
		scene.pause(Duration.ofMillis(1_500));
		scene.check(scene.wire().attempts().size() == tries, "no new connection");
	}

}
