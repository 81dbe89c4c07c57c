package dev.realtime.conformance.cases;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.conformance.scene.CaseSkipped;
import dev.realtime.conformance.scene.Scene;
import dev.realtime.conformance.wire.Link;
import dev.realtime.conformance.wire.StompFrame;

/** Credentials that are renewed while the connection is open. */
final class RenewalCases {

	private static final long LIFE_MS = 4_000;

	/** After the end a connection with old credentials is closed within a second. */
	private static final long CLOSED_MS = 1_200;

	private RenewalCases() {
	}

	static void twice(Scene scene) {
		long end = System.currentTimeMillis() + LIFE_MS;
		Link first = start(scene, end);
		String second = "2~" + (end + LIFE_MS);
		scene.command("credentials", "headers", scene.token(second));
		awaitRenewal(scene, first, scene.authorization(second));
		scene.command("credentials", "headers", scene.token("3"));
		awaitRenewal(scene, first, scene.authorization("3"));
		pauseUntil(scene, end + LIFE_MS + CLOSED_MS);
		scene.publish("room", "1");
		scene.expectMessages("a", "1");
		scene.check(scene.link().endedAt() == null, "a connection that outlives both tokens");
	}

	static void unchecked(Scene scene) {
		AtomicInteger refused = new AtomicInteger();
		long end = System.currentTimeMillis() + LIFE_MS;
		Link first = start(scene, end);
		refuse(scene, "credentials-unchecked", refused, 1);
		scene.command("credentials", "headers", scene.token("2"));
		outlives(scene, first, end, refused);
	}

	static void unknown(Scene scene) {
		AtomicInteger refused = new AtomicInteger();
		long end = System.currentTimeMillis() + LIFE_MS;
		Link first = start(scene, end);
		refuse(scene, "unknown-destination", refused, Integer.MAX_VALUE);
		scene.command("credentials", "headers", scene.token("2"));
		outlives(scene, first, end, refused);
		scene.check(scene.link() != first, "a new connection, as the server does not know renewals");
	}

	private static Link start(Scene scene, long end) {
		Link first = scene.connect(scene.token("1~" + end));
		scene.needsControlEvents(first);
		scene.subscribe("a", "room");
		return first;
	}

	/** Answers the first renewals in the place of the node. */
	private static void refuse(Scene scene, String reason, AtomicInteger refused, int most) {
		scene.wire().onClientFrame((link, frame) -> {
			if (!frame.command().equals("SEND") || !frame.text("destination").equals("/realtime/auth")
					|| refused.get() == most) {
				return true;
			}
			refused.incrementAndGet();
			link.deliver(StompFrame.event("denied", Map.of("reason", reason, "message", "Not now",
					"refused-destination", "/realtime/auth", "receipt-id", frame.text("receipt"))));
			return false;
		});
	}

	private static void awaitRenewal(Scene scene, Link first, String authorization) {
		scene.await(
				"SEND to /realtime/auth or a new CONNECT, with the headers of the command `credentials`, before the "
						+ "token ends",
				Duration.ofMillis(LIFE_MS + CLOSED_MS), () -> CredentialsCases.isRenewed(first, authorization)
						|| CredentialsCases.isRenewed(scene.link(), authorization));
	}

	private static void outlives(Scene scene, Link first, long end, AtomicInteger refused) {
		scene.await("SEND to /realtime/auth or a new connection before the token ends", Duration.ofMillis(LIFE_MS),
				() -> refused.get() > 0 || scene.link() != first);
		if (refused.get() == 0) {
			throw new CaseSkipped("the client renews with a new connection, not with SEND to /realtime/auth");
		}
		pauseUntil(scene, end + CLOSED_MS);
		scene.publish("room", "1");
		scene.expectMessages("a", "1");
		Link last = scene.link();
		scene.check(last.endedAt() == null && CredentialsCases.isRenewed(last, scene.authorization("2")),
				"a connection with the new token after the end of the old one");
		scene.check(last == first || last.openedAt() < openedBy(end),
				"a new connection before the server closes the old one");
	}

	/** The system's own time of a moment, as {@link System#nanoTime()}. */
	private static long openedBy(long end) {
		return System.nanoTime() + (end - System.currentTimeMillis()) * 1_000_000;
	}

	private static void pauseUntil(Scene scene, long millis) {
		scene.pause(Duration.ofMillis(Math.max(0, millis - System.currentTimeMillis())));
	}

}
