package dev.realtime.conformance.cases;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.realtime.conformance.scene.Case;
import dev.realtime.conformance.scene.Scene;
import dev.realtime.conformance.wire.Link;

/** Close codes, a node that leaves, and a node that is away. */
final class ClosingCases {

	private static final String CODES = "close-codes";

	private static final Duration AFTER = Duration.ofSeconds(1);

	private static final long TOLERANCE_MS = 100;

	private static final Duration AWAY = Duration.ofSeconds(3);

	/** Full jitter makes three or four on average. */
	private static final int MOST_TRIES = 10;

	/** The longest delay of the protocol, and some time to connect. */
	static final Duration LONGEST_DELAY = Duration.ofSeconds(35);

	private ClosingCases() {
	}

	static List<Case> all() {
		List<Case> all = new ArrayList<>();
		for (int code : new int[] { 1012, 1013, 4000, 4004, 4321 }) {
			all.add(Case.required("closing/returns-after-" + code, CODES,
					"The server closes for a while only; a client that stays away is offline for ever.",
					(scene) -> returns(scene, code)));
		}
		for (int code : new int[] { 1008, 4777 }) {
			all.add(Case.required("closing/stays-away-after-" + code, CODES,
					"The server will refuse this client again; a client that comes back only loads it.",
					(scene) -> staysAway(scene, code)));
		}
		all.add(Case.required("closing/disconnected-user", CODES, "An operator has disconnected the user, on purpose.",
				ClosingCases::disconnected));
		all.add(Case.required("drain/announced", "control-events",
				"A node that leaves spreads its clients over time. A client that does not wait comes in a crowd; one that "
						+ "does not come is cut off.",
				ClosingCases::announced));
		all.add(Case.required("drain/backoff", CODES,
				"While a node is away, clients that try without backoff keep it from starting.",
				ClosingCases::backoff));
		return all;
	}

	private static void returns(Scene scene, int code) {
		Link first = scene.connect();
		scene.subscribe("a", "room");
		scene.publish("room", "1");
		scene.expectMessages("a", "1");
		first.close(code, "conformance");
		scene.publish("room", "2");
		scene.awaitReturn(first);
		scene.expectMessages("a", "1", "2");
	}

	private static void staysAway(Scene scene, int code) {
		Link first = scene.connect();
		first.close(code, "conformance");
		scene.expectNoReturn(first);
		scene.awaitEvent("`disconnected` with the code " + code,
				(event) -> event.kind().equals("disconnected") && event.number("code") == code);
	}

	private static void disconnected(Scene scene) {
		Link first = scene.connect(scene.token("1"));
		scene.server().disconnect(scene.user(), "See you");
		scene.await("the end of the connection", () -> first.endedAt() != null);
		scene.expectNoReturn(first);
		scene.awaitEvent("`disconnected` with the code 4501 and the reason \"See you\"",
				(event) -> event.kind().equals("disconnected") && event.number("code") == 4501
						&& event.text("reason").equals("See you"));
	}

	private static void announced(Scene scene) {
		Link first = scene.connect(scene.token("1"));
		scene.needsControlEvents(first);
		scene.subscribe("a", "room");
		scene.publish("room", "1");
		long began = System.nanoTime();
		scene.server().drain(scene.user(), AFTER);
		scene.publish("room", "2");
		Link second = scene.awaitReturn(first);
		long after = (second.openedAt() - began) / 1_000_000;
		scene.check(after >= AFTER.toMillis() - TOLERANCE_MS, "no new connection within the " + AFTER.toMillis()
				+ " ms of `after-ms` (it came after " + after + " ms)");
		scene.awaitLive(second, "/topic/" + scene.topic("room"));
		scene.publish("room", "3");
		scene.expectMessages("a", "1", "2", "3");
	}

	private static void backoff(Scene scene) {
		Link first = scene.connect();
		scene.subscribe("a", "room");
		scene.wire().refuse(true);
		int before = scene.wire().attempts().size();
		first.cut();
		scene.publish("room", "1");
		scene.pause(AWAY);
		int tries = scene.wire().attempts().size() - before;
		scene.check(tries <= MOST_TRIES,
				"at most " + MOST_TRIES + " tries within " + AWAY.toSeconds() + " s (there were " + tries + ")");
		scene.wire().refuse(false);
		scene.awaitReturn(first, LONGEST_DELAY);
		scene.expectMessages("a", "1");
	}

}
