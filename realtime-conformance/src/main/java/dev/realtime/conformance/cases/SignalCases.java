package dev.realtime.conformance.cases;

import java.util.List;
import java.util.Map;

import dev.realtime.conformance.driver.Event;
import dev.realtime.conformance.scene.Case;
import dev.realtime.conformance.scene.Scene;
import dev.realtime.conformance.wire.Link;

/** Ephemeral events. */
final class SignalCases {

	private SignalCases() {
	}

	static List<Case> all() {
		return List.of(
				Case.optional("signals/application", "signals", "Typing, cursors and the like come as signals.",
						SignalCases::application),
				Case.required("signals/no-message", "signals",
						"A signal has no number. A client that takes it for a message, or moves its position, loses messages.",
						SignalCases::noMessage));
	}

	private static void application(Scene scene) {
		Link link = scene.connect();
		scene.needsControlEvents(link);
		scene.subscribe("a", "room");
		scene.server().signal(scene.topic("room"), "cursor", "bob", Map.of("line", 7));
		Event signal = scene.awaitEvent("signal", "a", "", (event) -> true);
		scene.check(signal.text("type").equals("cursor") && signal.text("user").equals("bob"),
				"the type `cursor` and the user `bob`");
		scene.check(signal.json().path("payload").path("line").asInt() == 7, "the payload {\"line\":7}");
	}

	private static void noMessage(Scene scene) {
		String destination = "/topic/" + scene.topic("room");
		Link first = scene.connect();
		scene.subscribe("a", "room");
		scene.publish("room", "1");
		scene.server().signal(scene.topic("room"), "cursor", "bob", Map.of("line", 7));
		scene.publish("room", "2");
		scene.expectMessages("a", "1", "2");
		first.cut();
		scene.publish("room", "3");
		scene.awaitLive(scene.awaitReturn(first), destination);
		scene.expectMessages("a", "1", "2", "3");
	}

}
