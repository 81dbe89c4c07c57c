package dev.realtime.conformance.cases;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.realtime.conformance.driver.Event;
import dev.realtime.conformance.scene.Case;
import dev.realtime.conformance.scene.Scene;
import dev.realtime.conformance.wire.Link;
import dev.realtime.conformance.wire.StompFrame;
import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.TestSubscription;

/** Who is typing. */
final class TypingCases {

	private static final String TYPING = "typing";

	private static final String DESTINATION = "/realtime/typing";

	/** A client repeats the signal of a typing user every 5 s. It expires after 7 s. */
	private static final Duration STILL_TYPING = Duration.ofMillis(5_500);

	private static final Duration FORGOTTEN = Duration.ofMillis(3_500);

	private static final Duration KEYSTROKE = Duration.ofMillis(150);

	private static final int KEYSTROKES = 20;

	private TypingCases() {
	}

	static List<Case> all() {
		return List.of(
				Case.optional("typing/sent", TYPING, "The others see that the user types, and that they have stopped.",
						TypingCases::sent),
				Case.optional("typing/keystrokes", TYPING,
						"A frame for each keystroke costs every client of the room, and runs into the limits of rates.",
						TypingCases::keystrokes),
				Case.optional("typing/received", TYPING, "The user sees who else types.", TypingCases::received),
				Case.optional("typing/forgotten", TYPING,
						"The signal that a user has stopped may be lost. Without an expiry the user types for ever.",
						TypingCases::forgotten),
				Case.optional("typing/message", TYPING,
						"Who has sent the message is no longer typing it; otherwise it looks as if another one came.",
						TypingCases::message));
	}

	private static void sent(Scene scene) {
		Link link = scene.connect(scene.token("1"));
		scene.needsControlEvents(link);
		scene.subscribe("a", "room");
		try (RealtimeTestClient bob = scene.server().client("bob")) {
			TestSubscription room = bob.subscribe(scene.topic("room"));
			type(scene, true);
			expectSignal(scene, room, link, "true");
			type(scene, false);
			expectSignal(scene, room, link, "false");
		}
	}

	private static void expectSignal(Scene scene, TestSubscription room, Link link, String typing) {
		StompFrame frame = scene.awaitSent(link, "SEND to " + DESTINATION + " with `typing:" + typing + "`",
				(each) -> isTyping(each) && each.text("typing").equals(typing));
		scene.check(frame.text("topic").equals(scene.topic("room")), "the name of the topic in the header `topic`");
		try {
			Map<String, String> signal = room.awaitSignal();
			scene.check(TYPING.equals(signal.get("type")) && scene.user().equals(signal.get("user")),
					"a signal of the type `typing` and of the user of the client at another client");
		}
		catch (AssertionError ex) {
			throw scene.failure("the signal `typing` at another client");
		}
	}

	private static void keystrokes(Scene scene) {
		Link link = scene.connect(scene.token("1"));
		scene.needsControlEvents(link);
		scene.subscribe("a", "room");
		for (int i = 0; i < KEYSTROKES; i++) {
			type(scene, true);
			scene.pause(KEYSTROKE);
		}
		scene.awaitSent(link, "SEND to " + DESTINATION, TypingCases::isTyping);
		long frames = link.sent().stream().filter(TypingCases::isTyping).count();
		scene.check(frames == 1, "one SEND to " + DESTINATION + " for " + KEYSTROKES + " keystrokes within "
				+ KEYSTROKE.toMillis() * KEYSTROKES + " ms, not " + frames);
	}

	private static void received(Scene scene) {
		Link link = scene.connect(scene.token("1"));
		scene.needsControlEvents(link);
		subscribe(scene);
		try (RealtimeTestClient bob = scene.server().client("bob")) {
			bobTypes(scene, bob, true);
			awaitTypists(scene, List.of("bob"));
			bobTypes(scene, bob, false);
			awaitTypists(scene, List.of());
		}
	}

	private static void forgotten(Scene scene) {
		Link link = scene.connect(scene.token("1"));
		scene.needsControlEvents(link);
		subscribe(scene);
		try (RealtimeTestClient bob = scene.server().client("bob")) {
			bobTypes(scene, bob, true);
			awaitTypists(scene, List.of("bob"));
			scene.pause(STILL_TYPING);
			scene.check(typists(scene).equals(List.of("bob")),
					"that bob still types after " + STILL_TYPING.toMillis() + " ms");
			scene.await("the event `typing` of `a` without bob 7 s after he last said that he types", FORGOTTEN,
					() -> typists(scene).isEmpty());
		}
	}

	private static void message(Scene scene) {
		Link link = scene.connect(scene.token("1"));
		scene.needsControlEvents(link);
		subscribe(scene);
		try (RealtimeTestClient bob = scene.server().client("bob")) {
			bobTypes(scene, bob, true);
			awaitTypists(scene, List.of("bob"));
			bob.send(scene.topic("room"), "hello");
			scene.expectMessages("a", "hello");
			scene.await("the event `typing` of `a` without bob, whose message has come", FORGOTTEN,
					() -> typists(scene).isEmpty());
		}
	}

	private static void subscribe(Scene scene) {
		scene.subscribe("a", "room");
		scene.command("watchTyping", "id", "a", "destination", "/topic/" + scene.topic("room"));
	}

	private static void type(Scene scene, boolean typing) {
		scene.command(TYPING, "destination", "/topic/" + scene.topic("room"), TYPING, typing);
	}

	private static void bobTypes(Scene scene, RealtimeTestClient bob, boolean typing) {
		bob.send(DESTINATION, "", Map.of("topic", scene.topic("room"), TYPING, Boolean.toString(typing)));
	}

	private static void awaitTypists(Scene scene, List<String> users) {
		scene.await("the event `typing` of `a` with the users " + users, () -> typists(scene).equals(users));
	}

	/** Returns the users of the last event. */
	private static List<String> typists(Scene scene) {
		List<String> users = new ArrayList<>();
		List<Event> events = scene.events(TYPING, "a");
		if (!events.isEmpty()) {
			events.get(events.size() - 1).json().path("users").forEach((user) -> users.add(user.asText()));
		}
		return users;
	}

	private static boolean isTyping(StompFrame frame) {
		return frame.command().equals("SEND") && frame.text("destination").equals(DESTINATION);
	}

}
