package dev.realtime.conformance.cases;

import java.util.List;
import java.util.stream.IntStream;

import dev.realtime.conformance.driver.Event;
import dev.realtime.conformance.scene.Case;
import dev.realtime.conformance.scene.Scene;
import dev.realtime.conformance.server.Server;
import dev.realtime.conformance.wire.Link;
import dev.realtime.conformance.wire.StompFrame;

/** A client that comes back. */
final class RecoveryCases {

	private static final String RECEIPT = "receipt-of-a-subscribe";

	private static final String ORDER = "order-duplicates-holes";

	private RecoveryCases() {
	}

	static List<Case> all() {
		return List.of(
				Case.required("recovery/cut", ORDER,
						"Connections can break without a close frame. What was published meanwhile must not be lost.",
						RecoveryCases::cut),
				Case.required("recovery/position", ORDER, "A recovery is exact only from the last position.",
						RecoveryCases::position),
				Case.required("recovery/before-first-message", ORDER,
						"A subscription has a position before its first message: that of the RECEIPT.",
						RecoveryCases::beforeFirstMessage),
				Case.required("recovery/stream", ORDER,
						"A connection breaks in the middle of a burst, more than once; each message comes once, in order.",
						RecoveryCases::stream),
				Case.required("recovery/nothing-missed", RECEIPT,
						"If nothing was missed, the application need not be told.", RecoveryCases::nothingMissed),
				Case.required("recovery/expired", RECEIPT,
						"Messages that are no longer kept are lost; the application has to load its state again.",
						(scene) -> notRecovered(scene, "short", "expired", Server.SHORT_HISTORY * 4)),
				Case.required("recovery/too-many", RECEIPT,
						"A client that was away for long is not sent everything; the application has to load its state again.",
						(scene) -> notRecovered(scene, "room", "too-many", Server.MOST_REPLAYED + 10)),
				Case.required("recovery/epoch-changed", RECEIPT,
						"The numbering began anew; the application has to load its state again.",
						(scene) -> notRecovered(scene, "room", "epoch-changed", 0))
					.withoutOthers());
	}

	private static void cut(Scene scene) {
		Link first = scene.connect();
		scene.subscribe("a", "room");
		scene.publish("room", "1", "2");
		scene.expectMessages("a", "1", "2");
		first.cut();
		scene.publish("room", "3", "4", "5");
		Link second = scene.awaitReturn(first);
		scene.awaitLive(second, "/topic/" + scene.topic("room"));
		scene.publish("room", "6");
		scene.expectMessages("a", "1", "2", "3", "4", "5", "6");
		scene.check(scene.events("gap", "a").isEmpty(), "no event `gap`");
	}

	private static void position(Scene scene) {
		Link first = scene.connect();
		scene.subscribe("a", "room");
		scene.publish("room", "1", "2", "3");
		Event last = scene.expectMessages("a", "1", "2", "3").get(2);
		first.cut();
		StompFrame subscribe = scene.awaitLive(scene.awaitReturn(first), "/topic/" + scene.topic("room"));
		scene.check(subscribe.text("epoch").equals(last.text("epoch")) && subscribe.text("last-seq").equals("3"),
				"`epoch` and `last-seq` of the message 3 in the next SUBSCRIBE");
		scene.check(subscribe.header("receipt") != null,
				"`receipt` in the next SUBSCRIBE: its RECEIPT says what was missed");
	}

	private static void beforeFirstMessage(Scene scene) {
		scene.publish("room", "earlier");
		Link first = scene.connect();
		scene.subscribe("a", "room");
		first.cut();
		scene.publish("room", "2", "3");
		scene.awaitLive(scene.awaitReturn(first), "/topic/" + scene.topic("room"));
		scene.publish("room", "4");
		scene.expectMessages("a", "2", "3", "4");
	}

	private static void stream(Scene scene) {
		int count = 120;
		Link link = scene.connect();
		scene.subscribe("a", "room");
		for (int i = 1; i <= count; i++) {
			scene.publish("room", Integer.toString(i));
			if (i == count / 3) {
				link.cut();
			}
			else if (i == 2 * count / 3) {
				link = scene.awaitReturn(link);
				scene.awaitLive(link, "/topic/" + scene.topic("room"));
				scene.publish("room", "between");
				link.cut();
			}
		}
		String[] texts = IntStream.rangeClosed(1, count)
			.boxed()
			.flatMap((i) -> (i == 2 * count / 3) ? List.of(i.toString(), "between").stream()
					: List.of(i.toString()).stream())
			.toArray(String[]::new);
		scene.expectMessages("a", texts);
	}

	private static void nothingMissed(Scene scene) {
		Link first = scene.connect();
		scene.subscribe("a", "room");
		scene.publish("room", "1");
		scene.expectMessages("a", "1");
		first.cut();
		scene.awaitLive(scene.awaitReturn(first), "/topic/" + scene.topic("room"));
		scene.publish("room", "2");
		scene.expectMessages("a", "1", "2");
		scene.check(scene.events("gap", "a").isEmpty(), "no event `gap`");
		scene.check(
				scene.events("recovered", "a").stream().allMatch((event) -> event.json().path("recovered").asBoolean()),
				"no event `recovered` with `recovered: false`");
	}

	private static void notRecovered(Scene scene, String last, String reason, int missed) {
		Link first = scene.connect();
		scene.subscribe("a", last);
		scene.publish(last, "1", "2");
		scene.expectMessages("a", "1", "2");
		scene.wire().refuse(true);
		first.cut();
		if (missed == 0) {
			scene.server().loseNumbering();
		}
		for (int i = 0; i < missed; i++) {
			scene.publish(last, "missed");
		}
		scene.wire().refuse(false);
		scene.awaitLive(scene.awaitReturn(first, ClosingCases.LONGEST_DELAY), "/topic/" + scene.topic(last));
		Event recovered = scene.awaitEvent("recovered", "a", " with `recovered: false`",
				(event) -> !event.json().path("recovered").asBoolean(true));
		scene.check(recovered.text("reason").equals(reason), "the reason `" + reason + "`");
		scene.publish(last, "live again");
		scene.expectMessages("a", "1", "2", "live again");
	}

}
