package dev.realtime.conformance.cases;

import java.util.List;
import java.util.Map;

import dev.realtime.Position;
import dev.realtime.conformance.driver.Event;
import dev.realtime.conformance.scene.Case;
import dev.realtime.conformance.scene.Scene;
import dev.realtime.conformance.wire.Link;

/** Subscriptions, where they begin and where they end. */
final class SubscribeCases {

	private static final String SUBSCRIBE = "subscribe";

	private SubscribeCases() {
	}

	static List<Case> all() {
		return List.of(
				Case.required("subscribe/position", "message",
						"An application that keeps state needs to know its position.", SubscribeCases::position),
				Case.required("subscribe/two", SUBSCRIBE, "Messages must reach the subscription that they are for.",
						SubscribeCases::two),
				Case.required("subscribe/unsubscribe", SUBSCRIBE,
						"A subscription that does not end costs the server, and delivers messages that are no longer wanted.",
						SubscribeCases::unsubscribe),
				Case.optional("subscribe/rewind", SUBSCRIBE, "A page that opens shows the last messages.",
						SubscribeCases::rewind),
				Case.optional("subscribe/from", SUBSCRIBE,
						"An application that has stored its position continues from it after a restart.",
						SubscribeCases::from),
				Case.required("subscribe/personal", "personal-destinations",
						"Messages to one user are numbered and recovered as any others.", SubscribeCases::personal));
	}

	private static void position(Scene scene) {
		scene.connect();
		scene.subscribe("a", "room");
		scene.publish("room", "1");
		Event message = scene.expectMessages("a", "1").get(0);
		Position head = scene.server().head(scene.topic("room"));
		scene.check(message.text("epoch").equals(head.epoch()) && message.number("seq") == head.seq(),
				"`epoch` " + head.epoch() + " and `seq` " + head.seq() + " of the message");
	}

	private static void two(Scene scene) {
		scene.connect();
		scene.subscribe("a", "room");
		scene.subscribe("b", "hall");
		scene.publish("room", "r1");
		scene.publish("hall", "h1");
		scene.publish("room", "r2");
		scene.expectMessages("a", "r1", "r2");
		scene.expectMessages("b", "h1");
	}

	private static void unsubscribe(Scene scene) {
		Link link = scene.connect();
		scene.subscribe("a", "room");
		scene.subscribe("b", "hall");
		scene.publish("room", "1");
		scene.expectMessages("a", "1");
		scene.command("unsubscribe", "id", "a");
		scene.awaitSent(link, "UNSUBSCRIBE", (frame) -> frame.command().equals("UNSUBSCRIBE"));
		scene.await("the end of the subscription", () -> scene.server().subscribers(scene.topic("room")) == 0);
		scene.publish("room", "2");
		link.cut();
		Link second = scene.awaitReturn(link);
		scene.awaitLive(second, "/topic/" + scene.topic("hall"));
		scene.publish("hall", "end");
		scene.expectMessages("b", "end");
		scene.expectMessages("a", "1");
	}

	private static void rewind(Scene scene) {
		scene.publish("room", "1", "2", "3", "4");
		scene.connect();
		scene.subscribe("a", "room", "rewind", 2);
		scene.publish("room", "5");
		scene.expectMessages("a", "3", "4", "5");
	}

	private static void from(Scene scene) {
		scene.publish("room", "1", "2", "3");
		String epoch = scene.server().head(scene.topic("room")).epoch();
		scene.connect();
		scene.subscribe("a", "room", "position", Map.of("epoch", epoch, "seq", 1));
		scene.publish("room", "4");
		scene.expectMessages("a", "2", "3", "4");
	}

	private static void personal(Scene scene) {
		String destination = "/user/queue/notices";
		Link first = scene.connect(scene.token("1"));
		scene.subscribeTo("a", destination);
		scene.server().sendToUser(scene.user(), "/queue/notices", "1");
		scene.expectMessages("a", "1");
		first.cut();
		scene.server().sendToUser(scene.user(), "/queue/notices", "2");
		scene.awaitLive(scene.awaitReturn(first), destination);
		scene.server().sendToUser(scene.user(), "/queue/notices", "3");
		scene.expectMessages("a", "1", "2", "3");
	}

}
