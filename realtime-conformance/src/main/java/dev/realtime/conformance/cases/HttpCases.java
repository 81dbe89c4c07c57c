package dev.realtime.conformance.cases;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.realtime.Position;
import dev.realtime.conformance.driver.Event;
import dev.realtime.conformance.scene.Case;
import dev.realtime.conformance.scene.Scene;
import dev.realtime.conformance.server.Server;

/** Clients that cannot use WebSockets: server-sent events, and polls. */
final class HttpCases {

	private static final String SSE = "sse";

	private static final String POLL = "poll";

	private static final int BURST = 40;

	private HttpCases() {
	}

	static List<Case> all() {
		return Stream.concat(Stream.of(SSE, POLL).flatMap((transport) -> of(transport).stream()), Stream.of(
				Case.optional("sse/closed", "get-realtimesse",
						"A user who was disconnected on purpose must not come back by themselves.", HttpCases::closed),
				Case.optional("http/send", "post-realtimesend",
						"What is sent by POST is stored as what is sent by SEND, and its answer has the position.",
						HttpCases::send),
				Case.optional("http/send-same-id", "post-realtimesend",
						"If the answer is lost, the same id makes the message once.", HttpCases::sameId),
				Case.optional("http/send-refused", "what-streams-are-refused-with",
						"The application must learn that its message was refused, and why.", HttpCases::refused)))
			.toList();
	}

	private static List<Case> of(String transport) {
		String section = "get-realtime" + transport;
		return List.of(Case.optional(transport + "/messages", section,
				"The same messages in the same order as over a WebSocket.", (scene) -> messages(scene, transport)),
				Case.optional(transport + "/burst", section,
						"Many messages come at once, and with polls in several answers.",
						(scene) -> burst(scene, transport)),
				Case.optional(transport + "/returns", section,
						"A request that breaks continues from the position: nothing is lost or comes twice.",
						(scene) -> returns(scene, transport)),
				Case.optional(transport + "/expired", section,
						"If messages are no longer kept, the application must be told to reload its state.",
						(scene) -> expired(scene, transport)),
				Case.optional(transport + "/denied", section, "A subscription that is refused leaves the others alone.",
						(scene) -> denied(scene, transport)));
	}

	private static void messages(Scene scene, String transport) {
		connect(scene, transport);
		subscribe(scene, "a", "room");
		subscribe(scene, "b", "hall");
		scene.publish("room", "1");
		scene.publish("hall", "h1");
		scene.publish("room", "Grüße 👋\nzwei");
		List<Event> messages = scene.expectMessages("a", "1", "Grüße 👋\nzwei");
		scene.expectMessages("b", "h1");
		Position head = scene.server().head(scene.topic("room"));
		Event last = messages.get(1);
		scene.check(last.text("epoch").equals(head.epoch()) && last.number("seq") == head.seq(),
				"`epoch` " + head.epoch() + " and `seq` " + head.seq() + " of the last message");
		scene.check(scene.wire().links().isEmpty(), "no WebSocket");
	}

	private static void burst(Scene scene, String transport) {
		connect(scene, transport);
		subscribe(scene, "a", "room");
		String[] texts = IntStream.rangeClosed(1, BURST).mapToObj(Integer::toString).toArray(String[]::new);
		scene.publish("room", texts);
		scene.expectMessages("a", texts);
	}

	private static void returns(Scene scene, String transport) {
		connect(scene, transport);
		subscribe(scene, "a", "room");
		scene.publish("room", "1");
		scene.expectMessages("a", "1");
		scene.wire().refuse(true);
		int before = scene.wire().requests("/" + transport).size();
		scene.wire().cutRequests();
		scene.publish("room", "2", "3");
		scene.wire().refuse(false);
		scene.await("a new request of /realtime/" + transport,
				() -> scene.wire().requests("/" + transport).size() > before);
		scene.publish("room", "4");
		scene.expectMessages("a", "1", "2", "3", "4");
	}

	private static void expired(Scene scene, String transport) {
		connect(scene, transport);
		subscribe(scene, "a", "short");
		scene.publish("short", "1");
		scene.expectMessages("a", "1");
		scene.wire().refuse(true);
		scene.wire().cutRequests();
		scene.publish("short",
				IntStream.range(0, Server.SHORT_HISTORY + 5).mapToObj((i) -> "lost").toArray(String[]::new));
		scene.wire().refuse(false);
		scene.awaitEvent("recovered", "a", " with `recovered` false and the `reason` expired",
				(event) -> !event.json().path("recovered").asBoolean(true) && event.text("reason").equals("expired"));
	}

	private static void denied(Scene scene, String transport) {
		connect(scene, transport);
		subscribe(scene, "a", "room");
		scene.command("subscribe", "id", "b", "destination", "/topic/" + scene.topic("own.someone-else"));
		scene.awaitEvent("denied", "b", "", (event) -> true);
		scene.publish("room", "1");
		scene.expectMessages("a", "1");
	}

	private static void closed(Scene scene) {
		connect(scene, SSE);
		subscribe(scene, "a", "room");
		scene.server().disconnect(scene.user(), "See you");
		scene.awaitEvent("`disconnected` with the code 4501 and the reason \"See you\"",
				(event) -> event.kind().equals("disconnected") && event.number("code") == 4501
						&& event.text("reason").equals("See you"));
		int requests = scene.wire().requests("").size();
		scene.pause(Scene.QUIET);
		scene.check(scene.wire().requests("").size() == requests,
				"no request within " + Scene.QUIET.toMillis() + " ms");
	}

	private static void send(Scene scene) {
		connect(scene, SSE);
		subscribe(scene, "a", "room");
		PublishingCases.publish(scene, "p1", "room", "Grüße 👋", "id", "m-1", "type", "chat", "headers",
				Map.of("note", "a: b&c=d"));
		Event published = scene.awaitAnswer("p1", "published");
		scene.check(published.number("seq") == 1, "the number 1");
		Event message = scene.expectMessages("a", "Grüße 👋").get(0);
		scene.check(message.text("type").equals("chat"), "the `type` chat");
		scene.check(message.json().path("headers").path("note").asText().equals("a: b&c=d"),
				"the header `note` with \"a: b&c=d\"");
	}

	private static void sameId(Scene scene) {
		connect(scene, POLL);
		PublishingCases.publish(scene, "p1", "room", "1", "id", "m-1");
		Event first = scene.awaitAnswer("p1", "published");
		PublishingCases.publish(scene, "p2", "room", "1", "id", "m-1");
		Event second = scene.awaitAnswer("p2", "published");
		scene.check(first.number("seq") == 1 && second.number("seq") == 1, "the number 1 for both");
		scene.check(scene.server().history(scene.topic("room")).size() == 1, "one stored message");
	}

	private static void refused(Scene scene) {
		connect(scene, SSE);
		PublishingCases.publish(scene, "p1", "readonly", "1");
		Event failed = scene.awaitAnswer("p1", "failed");
		scene.check(failed.text("reason").equals("client-publish"), "the `reason` client-publish");
		PublishingCases.publish(scene, "p2", "room", "2");
		scene.awaitAnswer("p2", "published");
	}

	private static void connect(Scene scene, String transport) {
		scene.command("connect", "url", scene.wire().url(), "headers", scene.token("1"), "transport", transport);
		scene.awaitEvent("`connected`", (event) -> event.kind().equals("connected"));
	}

	private static void subscribe(Scene scene, String id, String last) {
		scene.command("subscribe", "id", id, "destination", "/topic/" + scene.topic(last));
		scene.await("a subscription to " + scene.topic(last), () -> scene.server().subscribers(scene.topic(last)) > 0);
	}

}
