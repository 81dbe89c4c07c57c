package dev.realtime.conformance.cases;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.realtime.conformance.driver.Event;
import dev.realtime.conformance.scene.Case;
import dev.realtime.conformance.scene.Scene;
import dev.realtime.conformance.wire.Link;

/** Texts that grow, such as the answer of a language model. */
final class TextCases {

	private static final String TEXTS = "texts-that-grow";

	private static final String WHOLE = "Grüße an 👋 alle";

	/** Long enough for a machine that is busy. */
	private static final int PATIENT_MS = 20_000;

	private static final int TIMEOUT_MS = 1_500;

	/** A client may measure from a moment that is a little earlier. */
	private static final int EARLY_MS = 60;

	private TextCases() {
	}

	static List<Case> all() {
		return List.of(
				Case.optional("texts/grows", TEXTS,
						"The page shows the text while it grows, and knows when it is complete.", TextCases::grows),
				Case.optional("texts/repeated", TEXTS,
						"Pieces come again. A client that appends what it gets shows parts of the text twice.",
						TextCases::repeated),
				Case.optional("texts/hole", TEXTS,
						"A piece whose beginning is missing must wait: a text with a hole is a wrong text.",
						TextCases::hole),
				Case.optional("texts/two", TEXTS, "Several texts may grow on one topic at once.", TextCases::two),
				Case.optional("texts/cut", TEXTS, "A text goes on after the connection was broken.", TextCases::cut),
				Case.optional("texts/dead-node", TEXTS,
						"The node that publishes the text may die. Without a limit of time the page waits for ever.",
						TextCases::deadNode));
	}

	private static void grows(Scene scene) {
		follow(scene);
		piece(scene, "s", WHOLE, 0, 4);
		scene.await("the event `text` of `a` with " + Event.quoted(WHOLE.substring(0, 4)),
				() -> texts(scene, "s").contains(WHOLE.substring(0, 4)));
		piece(scene, "s", WHOLE, 4, 9);
		piece(scene, "s", WHOLE, 9, WHOLE.length());
		end(scene, "s", WHOLE);
		expectEnd(scene, "s", WHOLE);
	}

	private static void repeated(Scene scene) {
		follow(scene);
		piece(scene, "s", WHOLE, 0, 6);
		piece(scene, "s", WHOLE, 0, 4);
		piece(scene, "s", WHOLE, 2, 9);
		piece(scene, "s", WHOLE, 0, WHOLE.length());
		end(scene, "s", WHOLE);
		expectEnd(scene, "s", WHOLE);
	}

	private static void hole(Scene scene) {
		follow(scene);
		piece(scene, "s", WHOLE, 0, 4);
		piece(scene, "s", WHOLE, 9, WHOLE.length());
		piece(scene, "s", WHOLE, 0, WHOLE.length());
		end(scene, "s", WHOLE);
		expectEnd(scene, "s", WHOLE);
	}

	private static void two(Scene scene) {
		follow(scene);
		String other = "Something else";
		piece(scene, "s", WHOLE, 0, 6);
		piece(scene, "t", other, 0, 3);
		piece(scene, "s", WHOLE, 6, WHOLE.length());
		end(scene, "s", WHOLE);
		piece(scene, "t", other, 3, other.length());
		end(scene, "t", other);
		expectEnd(scene, "s", WHOLE);
		expectEnd(scene, "t", other);
	}

	/** The connection is away for longer than the text may be silent on a live one. */
	private static void cut(Scene scene) {
		Link first = follow(scene);
		piece(scene, "s", WHOLE, 0, 4, TIMEOUT_MS);
		scene.await("the event `text` of `a`", () -> !texts(scene, "s").isEmpty());
		scene.wire().refuse(true);
		first.cut();
		scene.pause(Duration.ofMillis(TIMEOUT_MS + 500));
		piece(scene, "s", WHOLE, 4, 9, PATIENT_MS);
		scene.wire().refuse(false);
		scene.awaitReturn(first);
		piece(scene, "s", WHOLE, 9, WHOLE.length(), PATIENT_MS);
		end(scene, "s", WHOLE);
		expectEnd(scene, "s", WHOLE);
	}

	private static void deadNode(Scene scene) {
		follow(scene);
		long began = System.nanoTime();
		piece(scene, "s", WHOLE, 0, 4, TIMEOUT_MS);
		Event end = scene.awaitEvent("textEnd", "a", " after the " + TIMEOUT_MS + " ms of `stream-timeout`",
				(event) -> true);
		scene.check(!end.json().path("complete").asBoolean(true), "`complete` false");
		scene.check(System.nanoTime() - began >= TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS - EARLY_MS),
				"no `textEnd` before " + TIMEOUT_MS + " ms");
	}

	private static Link follow(Scene scene) {
		Link link = scene.connect();
		String destination = "/topic/" + scene.topic("room");
		scene.command("followText", "id", "a", "destination", destination);
		scene.awaitLive(link, destination);
		return link;
	}

	private static void piece(Scene scene, String stream, String text, int from, int to) {
		piece(scene, stream, text, from, to, PATIENT_MS);
	}

	private static void piece(Scene scene, String stream, String text, int from, int to, int timeoutMs) {
		Map<String, String> headers = headers(stream, from);
		headers.put("stream-timeout", Integer.toString(timeoutMs));
		publish(scene, text.substring(from, to), "stream.text", headers);
	}

	private static void end(Scene scene, String stream, String text) {
		Map<String, String> headers = headers(stream, text.length());
		headers.put("stream-outcome", "done");
		publish(scene, "", "stream.end", headers);
	}

	private static Map<String, String> headers(String stream, int offset) {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("stream-id", stream);
		headers.put("stream-offset", Integer.toString(offset));
		return headers;
	}

	private static void publish(Scene scene, String text, String type, Map<String, String> headers) {
		scene.server()
			.publish(scene.topic("room"), "text/plain;charset=UTF-8", text.getBytes(StandardCharsets.UTF_8), type,
					headers);
	}

	private static List<String> texts(Scene scene, String stream) {
		return scene.events("text", "a")
			.stream()
			.filter((event) -> event.text("stream").equals(stream))
			.map((event) -> event.text("text"))
			.toList();
	}

	/** Whatever the application was shown on the way is a beginning of the text. */
	private static void expectEnd(Scene scene, String stream, String text) {
		Event end = scene.awaitEvent("textEnd", "a", " with the `stream` " + stream,
				(event) -> event.text("stream").equals(stream));
		scene.check(end.text("outcome").equals("done") && end.json().path("complete").asBoolean(),
				"the `outcome` done, and `complete` true");
		scene.check(end.text("text").equals(text),
				"the `text` " + Event.quoted(text) + ", not " + Event.quoted(end.text("text")));
		for (String each : texts(scene, stream)) {
			scene.check(text.startsWith(each),
					"a beginning of the text in each event `text`, not " + Event.quoted(each));
		}
	}

}
