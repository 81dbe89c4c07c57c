package dev.realtime.conformance.cases;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.realtime.conformance.scene.Case;
import dev.realtime.conformance.scene.Scene;
import dev.realtime.conformance.wire.Link;
import dev.realtime.conformance.wire.StompFrame;

/** Who the client is, and what it does when the server no longer believes it. */
final class CredentialsCases {

	private static final String RENEWING = "renewing-credentials";

	private static final int RETRY_MS = 1_500;

	private static final long TOLERANCE_MS = 60;

	private static final long LIFE_MS = 4_000;

	private CredentialsCases() {
	}

	static List<Case> all() {
		return List.of(
				Case.required("credentials/connect", "credentials",
						"Without credentials in CONNECT the connection has no user.", CredentialsCases::connect),
				Case.required("credentials/refused", "credentials",
						"A client that repeats wrong credentials locks its user out, and loads the server.",
						CredentialsCases::refused),
				Case.required("credentials/retry-after", "rates",
						"A refused client that returns too early extends the refusal, for its user too.",
						CredentialsCases::retryAfter),
				Case.required("credentials/revoked", "close-codes",
						"4003 ends a connection, not the session of the user: new credentials continue it.",
						CredentialsCases::revoked),
				Case.optional("credentials/expiring", RENEWING,
						"A client that renews in time is never offline when a token ends.", CredentialsCases::expiring),
				Case.optional("credentials/renewed-twice", RENEWING,
						"The new token ends, too. A client that renews once is offline at the second end.",
						RenewalCases::twice),
				Case.optional("credentials/renewal-unchecked", RENEWING,
						"The service may be unable to check the new token for a moment.", RenewalCases::unchecked),
				Case.optional("credentials/renewal-unknown", RENEWING,
						"A server of an earlier version refuses renewals; a new connection brings the new token.",
						RenewalCases::unknown));
	}

	private static void connect(Scene scene) {
		Link link = scene.connect(scene.token("1"));
		scene.check(hasAuthorization(scene.connectFrame(link), scene.authorization("1")),
				"the header `Authorization` of the command `connect` in CONNECT");
		scene.subscribe("a", "own." + scene.user());
		scene.publish("own." + scene.user(), "1");
		scene.expectMessages("a", "1");
	}

	private static void refused(Scene scene) {
		scene.command("connect", "url", scene.wire().url(), "headers", Map.of("Authorization", "Bearer wrong"));
		scene.await("a connection with CONNECT", () -> !scene.wire().links().isEmpty());
		Link link = scene.link();
		scene.await("the end of the connection", () -> link.endedAt() != null);
		scene.expectNoReturn(link);
		scene.awaitEvent("`disconnected` with the code 1008",
				(event) -> event.kind().equals("disconnected") && event.number("code") == 1008);
	}

	private static void retryAfter(Scene scene) {
		scene.wire().onClientFrame((link, frame) -> {
			if (link != scene.wire().links().get(0)) {
				return true;
			}
			link.deliver(StompFrame.of("ERROR",
					Map.of("message", "Refused too often", "retry-after-ms", Integer.toString(RETRY_MS))));
			link.close(1008, "rate-limited");
			return false;
		});
		scene.command("connect", "url", scene.wire().url(), "headers", scene.token("1"));
		scene.await("a first connection", () -> !scene.wire().links().isEmpty());
		Link first = scene.link();
		Link second = scene.awaitReturn(first, Duration.ofSeconds(15));
		long pausedMs = (second.openedAt() - first.openedAt()) / 1_000_000;
		scene.check(pausedMs >= RETRY_MS - TOLERANCE_MS, "no new connection within the " + RETRY_MS
				+ " ms of `retry-after-ms` (it came after " + pausedMs + " ms)");
		scene.awaitEvent("`connected`", (event) -> event.kind().equals("connected"));
	}

	private static void revoked(Scene scene) {
		Link first = scene.connect(scene.token("1"));
		scene.subscribe("a", "room");
		scene.publish("room", "1");
		scene.expectMessages("a", "1");
		scene.command("credentials", "headers", scene.token("2"));
		scene.server().revoke(scene.user() + "~1");
		scene.publish("room", "2");
		Link second = scene.awaitReturn(first);
		scene.check(hasAuthorization(scene.connectFrame(second), scene.authorization("2")),
				"the headers of the command `credentials` in the next CONNECT");
		scene.expectMessages("a", "1", "2");
	}

	private static void expiring(Scene scene) {
		long end = System.currentTimeMillis() + LIFE_MS;
		Link first = scene.connect(scene.token("1~" + end));
		scene.needsControlEvents(first);
		scene.subscribe("a", "room");
		String renewed = scene.authorization("2");
		scene.command("credentials", "headers", scene.token("2"));
		scene.await(
				"SEND to /realtime/auth or a new CONNECT, with the headers of the command `credentials`, before the "
						+ "token ends",
				Duration.ofMillis(LIFE_MS), () -> isRenewed(first, renewed) || isRenewed(scene.link(), renewed));
		scene.pause(Duration.ofMillis(Math.max(0, end + 1_200 - System.currentTimeMillis())));
		scene.publish("room", "1");
		scene.expectMessages("a", "1");
		scene.check(scene.link() != first || first.endedAt() == null, "a connection that outlives the token");
	}

	/** The name of the header and the scheme are case-insensitive, the token is not. */
	static boolean hasAuthorization(StompFrame frame, String authorization) {
		String actual = frame.textOfAnyCase("Authorization");
		int scheme = authorization.indexOf(' ');
		return actual.regionMatches(true, 0, authorization, 0, scheme)
				&& actual.substring(scheme).equals(authorization.substring(scheme));
	}

	static boolean isRenewed(Link link, String authorization) {
		return link.sent()
			.stream()
			.anyMatch((frame) -> hasAuthorization(frame, authorization)
					&& (!frame.command().equals("SEND") || frame.text("destination").equals("/realtime/auth")));
	}

}
