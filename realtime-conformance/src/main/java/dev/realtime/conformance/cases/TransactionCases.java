package dev.realtime.conformance.cases;

import java.util.List;
import java.util.stream.Stream;

import dev.realtime.TopicMessage;
import dev.realtime.conformance.driver.Event;
import dev.realtime.conformance.scene.Case;
import dev.realtime.conformance.scene.Scene;
import dev.realtime.conformance.wire.Link;

/** SENDs that are held back until COMMIT. */
final class TransactionCases {

	private static final String TRANSACTIONS = "transactions";

	private TransactionCases() {
	}

	static List<Case> all() {
		return List.of(
				Case.optional("transactions/commit", TRANSACTIONS,
						"What belongs together is published together, in its order, when the application says so.",
						TransactionCases::commit),
				Case.optional("transactions/abort", TRANSACTIONS,
						"What is aborted is never published, and no answer comes: the client must say so itself.",
						TransactionCases::abort),
				Case.optional("transactions/cut", TRANSACTIONS,
						"The end of a connection aborts its transactions. A client that sends COMMIT on the next one, or "
								+ "waits for a RECEIPT for ever, misleads its application.",
						TransactionCases::cut),
				Case.optional("transactions/refused", TRANSACTIONS,
						"COMMIT is not atomic: each message has its own answer.", TransactionCases::refused));
	}

	private static void commit(Scene scene) {
		scene.connect();
		scene.subscribe("a", "room");
		scene.command("begin", "transaction", "t");
		send(scene, "p1", "room", "1");
		send(scene, "p2", "room", "2");
		outside(scene, "0");
		expectStored(scene, "0");
		scene.check(answers(scene, "p1", "p2").isEmpty(), "no answer to p1 and p2 before COMMIT");
		scene.command("commit", "transaction", "t");
		Event first = scene.awaitAnswer("p1", "published");
		Event second = scene.awaitAnswer("p2", "published");
		scene.check(first.number("seq") == 2 && second.number("seq") == 3, "the numbers 2 and 3 for p1 and p2");
		scene.expectMessages("a", "0", "1", "2");
	}

	private static void abort(Scene scene) {
		scene.connect();
		scene.subscribe("a", "room");
		scene.command("begin", "transaction", "t");
		send(scene, "p1", "room", "1");
		scene.command("abort", "transaction", "t");
		scene.awaitAnswer("p1", "failed");
		outside(scene, "0");
		expectStored(scene, "0");
		scene.command("begin", "transaction", "t");
		send(scene, "p2", "room", "2");
		scene.command("commit", "transaction", "t");
		scene.awaitAnswer("p2", "published");
		scene.expectMessages("a", "0", "2");
	}

	private static void cut(Scene scene) {
		Link first = scene.connect();
		scene.subscribe("a", "room");
		scene.command("begin", "transaction", "t");
		send(scene, "p1", "room", "1");
		outside(scene, "0");
		first.cut();
		scene.awaitLive(scene.awaitReturn(first), "/topic/" + scene.topic("room"));
		scene.awaitAnswer("p1", "failed");
		scene.command("begin", "transaction", "u");
		send(scene, "p2", "room", "2", "transaction", "u");
		scene.command("commit", "transaction", "u");
		scene.awaitAnswer("p2", "published");
		scene.expectMessages("a", "0", "2");
		expectStored(scene, "0", "2");
	}

	private static void refused(Scene scene) {
		Link link = scene.connect();
		scene.needsControlEvents(link);
		scene.command("begin", "transaction", "t");
		send(scene, "p1", "room", "1");
		send(scene, "p2", "readonly", "2");
		send(scene, "p3", "room", "3");
		outside(scene, "0");
		scene.check(answers(scene, "p1", "p2", "p3").isEmpty(), "no answer to p1, p2 and p3 before COMMIT");
		scene.command("commit", "transaction", "t");
		scene.awaitAnswer("p1", "published");
		Event failed = scene.awaitAnswer("p2", "failed");
		scene.check(failed.text("reason").equals("client-publish"), "the `reason` client-publish");
		scene.awaitAnswer("p3", "published");
		expectStored(scene, "0", "1", "3");
		scene.check(scene.link() == link, "the same connection");
	}

	private static void send(Scene scene, String ref, String last, String text, Object... more) {
		Object[] transaction = (more.length > 0) ? more : new Object[] { "transaction", "t" };
		PublishingCases.publish(scene, ref, last, text, transaction);
	}

	/** The node handles frames in order: with the answer it has seen those before. */
	private static void outside(Scene scene, String text) {
		PublishingCases.publish(scene, "outside", "room", text);
		scene.awaitAnswer("outside", "published");
	}

	private static List<Event> answers(Scene scene, String... refs) {
		return Stream.of("published", "failed")
			.flatMap((kind) -> scene.events(kind).stream())
			.filter((event) -> List.of(refs).contains(event.text("ref")))
			.toList();
	}

	private static void expectStored(Scene scene, String... texts) {
		List<String> stored = scene.server()
			.history(scene.topic("room"))
			.stream()
			.map((TopicMessage message) -> message.content().text())
			.toList();
		scene.check(stored.equals(List.of(texts)), "the stored messages " + List.of(texts) + ", not " + stored);
	}

}
