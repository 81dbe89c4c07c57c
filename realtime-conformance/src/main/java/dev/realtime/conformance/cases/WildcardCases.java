package dev.realtime.conformance.cases;

import java.util.List;
import java.util.Map;

import dev.realtime.conformance.driver.Event;
import dev.realtime.conformance.scene.Case;
import dev.realtime.conformance.scene.Scene;
import dev.realtime.conformance.wire.Link;

/** Subscriptions to all topics of a pattern. */
final class WildcardCases {

	private static final String WILDCARDS = "wildcard-subscriptions";

	private WildcardCases() {
	}

	static List<Case> all() {
		return List.of(Case.optional("wildcard/topics", WILDCARDS,
				"Each topic of a pattern has its own numbers; the application must know which topic a message is of.",
				WildcardCases::topics),
				Case.optional("wildcard/duplicate", WILDCARDS,
						"Numbers of one topic say nothing about those of another.", WildcardCases::duplicate),
				Case.optional("wildcard/return", WILDCARDS,
						"With `positions` the topics that a client names continue exactly.", WildcardCases::returning));
	}

	private static String pattern(Scene scene) {
		return "/topic/" + scene.topic("price.*");
	}

	private static void topics(Scene scene) {
		scene.connect();
		scene.subscribeTo("a", pattern(scene));
		scene.publish("price.x", "x1", "x2");
		scene.publish("price.y", "y1");
		scene.await("the messages x1, x2 and y1 of `a`", () -> scene.events("message", "a").size() >= 3);
		expect(scene, Map.of("price.x", List.of("x1", "x2"), "price.y", List.of("y1")));
	}

	private static void duplicate(Scene scene) {
		Link link = scene.connect();
		scene.subscribeTo("a", pattern(scene));
		scene.publish("price.x", "x1", "x2");
		scene.await("the messages x1 and x2 of `a`", () -> scene.events("message", "a").size() >= 2);
		link.deliver(scene.delivered(link, 1));
		scene.publish("price.y", "y1");
		scene.publish("price.x", "x3");
		scene.await("the messages y1 and x3 of `a`", () -> scene.events("message", "a").size() >= 4);
		expect(scene, Map.of("price.x", List.of("x1", "x2", "x3"), "price.y", List.of("y1")));
	}

	private static void returning(Scene scene) {
		Link first = scene.connect();
		scene.needsControlEvents(first);
		scene.subscribeTo("a", pattern(scene));
		scene.publish("price.x", "x1");
		scene.publish("price.y", "y1");
		scene.await("the messages x1 and y1 of `a`", () -> scene.events("message", "a").size() >= 2);
		first.cut();
		scene.publish("price.x", "x2");
		scene.publish("price.y", "y2");
		scene.awaitLive(scene.awaitReturn(first), pattern(scene));
		scene.publish("price.x", "x3");
		scene.await("the messages x2, x3 and y2 of `a`", () -> scene.events("message", "a").size() >= 5);
		expect(scene, Map.of("price.x", List.of("x1", "x2", "x3"), "price.y", List.of("y1", "y2")));
	}

	private static void expect(Scene scene, Map<String, List<String>> texts) {
		texts.forEach((topic, expected) -> {
			List<String> got = scene.events("message", "a")
				.stream()
				.filter((event) -> event.text("topic").equals(scene.topic(topic)))
				.map((Event event) -> event.text("text"))
				.toList();
			scene.check(got.equals(expected), "the messages " + expected + " of the topic " + scene.topic(topic));
		});
	}

}
