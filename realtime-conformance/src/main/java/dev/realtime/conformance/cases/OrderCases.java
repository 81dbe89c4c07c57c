package dev.realtime.conformance.cases;

import java.util.List;
import java.util.Map;

import dev.realtime.Position;
import dev.realtime.conformance.driver.Event;
import dev.realtime.conformance.scene.Case;
import dev.realtime.conformance.scene.Scene;
import dev.realtime.conformance.wire.Link;
import dev.realtime.conformance.wire.StompFrame;

/** Duplicates, jumps, gaps and new epochs on a live subscription. */
final class OrderCases {

	private static final String ORDER = "order-duplicates-holes";

	private OrderCases() {
	}

	static List<Case> all() {
		return List.of(
				Case.required("order/duplicate", ORDER, "A message that is shown twice, or counted twice, is a fault.",
						OrderCases::duplicate),
				Case.required("order/duplicates-after-return", ORDER,
						"Messages that were on their way when the connection broke may come again.",
						OrderCases::duplicatesAfterReturn),
				Case.required("order/tombstone", ORDER,
						"Some numbers carry no message. A client that waits for them stands still; one that reports a gap "
								+ "makes the application reload for nothing.",
						OrderCases::tombstone),
				Case.required("order/new-epoch", ORDER,
						"After a loss of the numbering, lower numbers are new messages, not duplicates.",
						OrderCases::newEpoch)
					.withoutOthers(),
				Case.required("gaps/announced", "control-events",
						"The server says what a client will never get, so that the application can reload it.",
						(scene) -> gap(scene, "overflow")),
				Case.required("gaps/unknown-reason", "control-events", "More reasons may be added.",
						(scene) -> gap(scene, "from-the-future")),
				Case.required("gaps/position", "control-events",
						"The position after a gap is its end. A client that returns with an older one gets the gap again.",
						OrderCases::gapPosition));
	}

	private static void duplicate(Scene scene) {
		Link link = scene.connect();
		scene.subscribe("a", "room");
		scene.publish("room", "1", "2");
		scene.expectMessages("a", "1", "2");
		link.deliver(scene.delivered(link, 1));
		link.deliver(scene.delivered(link, 2));
		scene.publish("room", "3");
		scene.expectMessages("a", "1", "2", "3");
	}

	private static void duplicatesAfterReturn(Scene scene) {
		String destination = "/topic/" + scene.topic("room");
		Link first = scene.connect();
		scene.subscribe("a", "room");
		scene.publish("room", "1", "2");
		scene.expectMessages("a", "1", "2");
		first.cut();
		Link second = scene.awaitReturn(first);
		String id = scene.awaitLive(second, destination).text("id");
		second.deliver(scene.delivered(first, 1).with("subscription", id),
				scene.delivered(first, 2).with("subscription", id));
		scene.publish("room", "3");
		scene.expectMessages("a", "1", "2", "3");
	}

	private static void tombstone(Scene scene) {
		scene.connect();
		scene.subscribe("a", "room");
		scene.publish("room", "1");
		scene.server().skipNumber(scene.topic("room"));
		scene.server().skipNumber(scene.topic("room"));
		scene.publish("room", "4");
		Event last = scene.expectMessages("a", "1", "4").get(1);
		scene.check(last.number("seq") == 4, "the number 4");
		scene.check(scene.events("gap", "a").isEmpty(), "no event `gap`");
	}

	private static void newEpoch(Scene scene) {
		Link link = scene.connect();
		scene.subscribe("a", "room");
		scene.publish("room", "1", "2");
		String before = scene.expectMessages("a", "1", "2").get(0).text("epoch");
		scene.server().loseNumbering();
		scene.publish("room", "again 1", "again 2");
		List<Event> messages = scene.expectMessages("a", "1", "2", "again 1", "again 2");
		scene.check(!messages.get(3).text("epoch").equals(before), "another epoch");
		if (scene.asksForControlEvents(link)) {
			scene.awaitEvent("gap", "a", " with the reason epoch-changed",
					(event) -> event.text("reason").equals("epoch-changed"));
		}
	}

	private static void gap(Scene scene, String reason) {
		Link link = scene.connect();
		scene.needsControlEvents(link);
		scene.subscribe("a", "room");
		scene.publish("room", "1");
		scene.expectMessages("a", "1");
		announceInPlaceOf(scene, 2, 3, reason);
		scene.publish("room", "2", "3", "4");
		scene.expectMessages("a", "1", "4");
		Event gap = scene.awaitEvent("gap", "a", " from 2 to 3",
				(event) -> event.number("from") == 2 && event.number("to") == 3);
		scene.check(gap.text("reason").equals(reason), "the reason `" + reason + "` of the gap");
		scene.check(gap.at() < scene.events("message", "a").get(1).at(), "the event `gap` before the message 4");
	}

	private static void gapPosition(Scene scene) {
		String destination = "/topic/" + scene.topic("room");
		Link first = scene.connect();
		scene.needsControlEvents(first);
		scene.subscribe("a", "room");
		scene.publish("room", "1");
		scene.expectMessages("a", "1");
		announceInPlaceOf(scene, 2, 3, "overflow");
		scene.publish("room", "2", "3");
		scene.awaitEvent("gap", "a", " from 2 to 3", (event) -> event.number("to") == 3);
		scene.wire().passAll();
		first.cut();
		StompFrame subscribe = scene.awaitLive(scene.awaitReturn(first), destination);
		scene.check(subscribe.text("last-seq").equals("3"),
				"`last-seq:3` in the next SUBSCRIBE, not `last-seq:" + subscribe.text("last-seq") + "`");
		scene.publish("room", "4");
		scene.expectMessages("a", "1", "4");
	}

	/** Gives the client a gap in the place of these messages. */
	private static void announceInPlaceOf(Scene scene, int from, int to, String reason) {
		Position head = scene.server().head(scene.topic("room"));
		scene.wire().onNodeFrame((link, frame) -> {
			int seq = frame.isMessage() ? Integer.parseInt(frame.text("seq")) : 0;
			if (seq < from || seq > to) {
				return true;
			}
			if (seq == to) {
				link.deliver(StompFrame.event("gap",
						Map.of("subscription-id", frame.text("subscription"), "topic", scene.topic("room"), "epoch",
								head.epoch(), "from", Integer.toString(from), "to", Integer.toString(to), "reason",
								reason)));
			}
			return false;
		});
	}

}
