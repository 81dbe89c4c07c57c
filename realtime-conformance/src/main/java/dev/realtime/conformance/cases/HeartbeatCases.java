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
						"A connection may die without a word. Users see a page that is connected, and nothing happens.",
						HeartbeatCases::silentServer));
	}

	private static Link connect(Scene scene) {
		scene.command("connect", "url", scene.wire().url(), "headers", Map.of(), "heartbeatMs", INTERVAL_MS);
		scene.awaitEvent("`connected`", (event) -> event.kind().equals("connected"));
		Link link = scene.link();
		String[] offer = scene.connectFrame(link).text("heart-beat").split(",", -1);
		scene.check(offer.length == 2, "a header `heart-beat` with two numbers in CONNECT");
		return link;
	}

	private static void sends(Scene scene) {
		Link link = connect(scene);
		if (scene.connectFrame(link).text("heart-beat").startsWith("0,")) {
			throw new CaseSkipped("the client offers no heartbeats");
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
