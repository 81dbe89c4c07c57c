package dev.realtime.conformance.cases;

import java.util.List;
import java.util.Map;

import dev.realtime.Position;
import dev.realtime.TopicMessage;
import dev.realtime.conformance.driver.Event;
import dev.realtime.conformance.scene.Case;
import dev.realtime.conformance.scene.Scene;
import dev.realtime.conformance.wire.Link;

/** What the client sends. */
final class PublishingCases {

	private static final String SEND = "send";

	private PublishingCases() {
	}

	static List<Case> all() {
		return List.of(Case.required("publishing/receipt", SEND,
				"Only a RECEIPT says that a message is stored; without one it may be lost.", PublishingCases::receipt),
				Case.required("publishing/content", SEND,
						"What is published must arrive byte for byte: escapes, characters, NUL in the body.",
						PublishingCases::content),
				Case.required("publishing/same-id", SEND, "A message that is sent again with its id is published once.",
						PublishingCases::sameId),
				Case.required("publishing/lost-answer", SEND,
						"If the connection breaks before the RECEIPT, the client cannot know whether the message is stored. It "
								+ "says so, or sends it again with the same id.",
						PublishingCases::lostAnswer),
				Case.required("publishing/refused", "refusals",
						"The application must learn that its message was refused, and why.", PublishingCases::refused));
	}

	static void publish(Scene scene, String ref, String last, String text, Object... more) {
		Object[] members = new Object[more.length + 6];
		System.arraycopy(new Object[] { "ref", ref, "destination", "/topic/" + scene.topic(last), "text", text }, 0,
				members, 0, 6);
		System.arraycopy(more, 0, members, 6, more.length);
		scene.command("publish", members);
	}

	private static void receipt(Scene scene) {
		scene.connect();
		scene.subscribe("a", "room");
		publish(scene, "p1", "room", "1");
		publish(scene, "p2", "room", "2");
		Event second = scene.awaitAnswer("p2", "published");
		Position head = scene.server().head(scene.topic("room"));
		scene.check(second.text("epoch").equals(head.epoch()) && second.number("seq") == 2,
				"`epoch` " + head.epoch() + " and `seq` 2 in `published` of p2");
		scene.awaitAnswer("p1", "published");
		scene.expectMessages("a", "1", "2");
	}

	private static void content(Scene scene) {
		String text = "Grüße 👋\nbefore\u0000after\r\n\\n";
		String note = "a: b\\c\nd 😀";
		scene.connect();
		publish(scene, "p1", "room", text, "id", "m:1", "type", "chat:note", "headers", Map.of("note", note));
		scene.awaitAnswer("p1", "published");
		TopicMessage message = scene.server().history(scene.topic("room")).get(0);
		String stored = message.content().text();
		scene.check(stored.equals(text), "the payload " + Event.quoted(text) + ", not " + Event.quoted(stored));
		scene.check("m:1".equals(message.id()), "the id `m:1`, not `" + message.id() + "`");
		scene.check("chat:note".equals(message.content().type()),
				"the type `chat:note`, not `" + message.content().type() + "`");
		String stores = message.content().headers().getOrDefault("note", "");
		scene.check(note.equals(stores),
				"the header `note` with " + Event.quoted(note) + ", not " + Event.quoted(stores));
	}

	private static void sameId(Scene scene) {
		scene.connect(scene.token("1"));
		scene.subscribe("a", "room");
		publish(scene, "p1", "room", "1", "id", "m-1");
		Event first = scene.awaitAnswer("p1", "published");
		publish(scene, "p2", "room", "1", "id", "m-1");
		Event second = scene.awaitAnswer("p2", "published");
		scene.check(first.number("seq") == second.number("seq"),
				"the same position for both, as they have the same id");
		scene.publish("room", "end");
		scene.expectMessages("a", "1", "end");
	}

	private static void lostAnswer(Scene scene) {
		Link first = scene.connect(scene.token("1"));
		scene.wire().onNodeFrame((link, frame) -> {
			if (link == first && frame.command().equals("RECEIPT") && !frame.text("seq").isEmpty()) {
				link.cut();
				return false;
			}
			return true;
		});
		publish(scene, "p1", "room", "1", "id", "m-1");
		scene.awaitReturn(first);
		scene.awaitAnswer("p1", "published", "failed");
		publish(scene, "p2", "room", "1", "id", "m-1");
		Event second = scene.awaitAnswer("p2", "published");
		scene.check(second.number("seq") == 1, "the position of the first time, with the number 1");
		scene.check(scene.server().history(scene.topic("room")).size() == 1, "one stored message");
	}

	private static void refused(Scene scene) {
		Link link = scene.connect();
		publish(scene, "p1", "readonly", "1");
		Event failed = scene.awaitAnswer("p1", "failed");
		scene.check(failed.text("reason").equals("client-publish") || !failed.text("message").isEmpty(),
				"the `reason` client-publish or a `message`");
		scene.needsControlEvents(link);
		scene.check(failed.text("reason").equals("client-publish"), "the `reason` client-publish");
		publish(scene, "p2", "room", "2");
		scene.awaitAnswer("p2", "published");
		scene.check(scene.link() == link, "the same connection");
	}

}
