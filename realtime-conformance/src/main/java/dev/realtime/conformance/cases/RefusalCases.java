package dev.realtime.conformance.cases;

import java.util.List;
import java.util.Map;

import dev.realtime.conformance.driver.Event;
import dev.realtime.conformance.scene.Case;
import dev.realtime.conformance.scene.Scene;
import dev.realtime.conformance.wire.Link;
import dev.realtime.conformance.wire.StompFrame;

/** Subscriptions that are refused, now or later. */
final class RefusalCases {

	private static final int RETRY_MS = 800;

	private static final int TOLERANCE_MS = 60;

	private RefusalCases() {
	}

	static List<Case> all() {
		return List.of(
				Case.required("denials/subscription", "refusals",
						"The application must learn that a subscription does not exist. The others continue.",
						RefusalCases::subscription),
				Case.required("denials/revoked", "control-events",
						"A right may be taken away at any time. The application must learn that its subscription has ended.",
						RefusalCases::revoked),
				Case.optional("denials/rate-limited", "rates",
						"After a mass reconnect the server spreads recoveries; the client tries again when it is told to.",
						RefusalCases::rateLimited));
	}

	private static void subscription(Scene scene) {
		Link link = scene.connect(scene.token("1"));
		scene.needsControlEvents(link);
		scene.subscribe("a", "room");
		scene.subscribe("b", "own.somebody-else");
		Event denied = scene.awaitEvent("denied", "b", "", (event) -> true);
		scene.check(denied.text("reason").equals("no-access"), "the reason `no-access`");
		scene.publish("room", "1");
		scene.expectMessages("a", "1");
		scene.check(scene.link() == link, "the same connection");
	}

	private static void revoked(Scene scene) {
		Link link = scene.connect(scene.token("1"));
		scene.needsControlEvents(link);
		scene.subscribe("a", "room");
		scene.subscribe("b", "hall");
		scene.server().unsubscribe(scene.user(), scene.topic("hall"));
		Event denied = scene.awaitEvent("denied", "b", "", (event) -> true);
		scene.check(denied.text("reason").equals("revoked"), "the reason `revoked`");
		scene.publish("room", "1");
		scene.expectMessages("a", "1");
		scene.check(scene.link() == link, "the same connection");
	}

	private static void rateLimited(Scene scene) {
		String destination = "/topic/" + scene.topic("room");
		Link link = scene.connect();
		scene.needsControlEvents(link);
		scene.wire().onClientFrame((each, frame) -> {
			if (!frame.command().equals("SUBSCRIBE")) {
				return true;
			}
			scene.wire().passAll();
			each.deliver(StompFrame.event("denied",
					Map.of("reason", "rate-limited", "message", "Too many subscriptions", "receipt-id",
							frame.text("receipt"), "subscription-id", frame.text("id"), "retry-after-ms",
							Integer.toString(RETRY_MS))));
			return false;
		});
		long before = System.nanoTime();
		scene.command("subscribe", "id", "a", "destination", destination);
		scene.await("a second SUBSCRIBE to " + destination, () -> scene.server().subscribers(scene.topic("room")) > 0);
		long pausedMs = (System.nanoTime() - before) / 1_000_000;
		scene.check(pausedMs >= RETRY_MS - TOLERANCE_MS,
				"no SUBSCRIBE within the " + RETRY_MS + " ms of `retry-after-ms` (it came after " + pausedMs + " ms)");
		scene.publish("room", "1");
		scene.expectMessages("a", "1");
	}

}
