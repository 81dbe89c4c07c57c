package dev.realtime.conformance.cases;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.realtime.conformance.scene.Case;
import dev.realtime.conformance.scene.CaseSkipped;
import dev.realtime.conformance.scene.Scene;
import dev.realtime.conformance.wire.Link;

/** Connections that are quiet, and connections that are dead. */
final class HeartbeatCases {

	private static final int INTERVAL_MS = 1_000;

	/** The server closes after three intervals. */
	private static final Duration WATCHED = Duration.ofMillis(4_500);

	/**
	 * Three intervals, the longest first delay of a reconnect, and some time to connect.
	 */
	private static final Duration NOTICED = Duration.ofMillis(3L * INTERVAL_MS + 3_000);

	private HeartbeatCases() {
	}

	static List<Case> all() {
		return List.of(Case.required("heartbeats/sends", "heartbeats",
				"The server closes a connection from which nothing comes for three intervals.", HeartbeatCases::sends),
				Case.required("heartbeats/silent-server", "heartbeats",
						"A connection can die unnoticed. Without a check the page looks connected and receives nothing.",
						HeartbeatCases::silentServer));
	}

	private static Link connect(Scene scene) {
		scene.command("connect", "url", scene.wire().url(), "headers", Map.of(), "heartbeatMs", INTERVAL_MS);
		scene.awaitEvent("`connected`", (event) -> event.kind().equals("connected"));
		Link link = scene.link();
		return link;
	}

	/**
	 * Returns a number of `heart-beat` in CONNECT: 0 is what the client can send, 1 is
	 * what it asks for.
	 */
	private static int interval(Scene scene, Link link, int index) {
		String header = scene.connectFrame(link).header("heart-beat");
		if (header == null) {
			return 0;
		}
		String numbers = header.replace(" ", "");
		scene.check(numbers.matches("\\d{1,9},\\d{1,9}"), "a header `heart-beat` with two numbers in CONNECT");
		return Integer.parseInt(numbers.split(",", -1)[index]);
	}

	private static boolean isShort(int interval) {
		return interval >= 1 && interval <= INTERVAL_MS;
	}

	private static void sends(Scene scene) {
		Link link = connect(scene);
		if (!isShort(interval(scene, link, 0))) {
			throw new CaseSkipped("the client does not offer heartbeats every " + INTERVAL_MS + " ms");
		}
		int before = link.beats() + link.sent().size();
		scene.pause(WATCHED);
		int after = link.beats() + link.sent().size();
		scene.check(link.endedAt() == null && scene.link() == link, "a connection that stays open");
		scene.check(after - before >= 3,
				"at least 3 heartbeats within " + WATCHED.toMillis() + " ms (there were " + (after - before) + ")");
	}

	private static void silentServer(Scene scene) {
		Link link = connect(scene);
		if (!isShort(interval(scene, link, 1))) {
			throw new CaseSkipped("the client does not ask for heartbeats every " + INTERVAL_MS + " ms");
		}
		scene.subscribe("a", "room");
		scene.publish("room", "1");
		scene.expectMessages("a", "1");
		link.silence();
		scene.publish("room", "2");
		scene.awaitReturn(link, NOTICED);
		scene.publish("room", "3");
		scene.expectMessages("a", "1", "2", "3");
	}

}
