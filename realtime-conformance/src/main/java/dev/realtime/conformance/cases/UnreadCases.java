package dev.realtime.conformance.cases;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.realtime.Position;
import dev.realtime.conformance.driver.Event;
import dev.realtime.conformance.scene.Case;
import dev.realtime.conformance.scene.Scene;
import dev.realtime.conformance.wire.Link;

/** What a user has read, and how much is unread. */
final class UnreadCases {

	private static final String UNREAD = "read-and-unread";

	private UnreadCases() {
	}

	static List<Case> all() {
		return Stream.of(
				Case.optional("unread/watched", UNREAD, "The page shows how much is unread in each room, and keeps it.",
						UnreadCases::watched),
				Case.optional("unread/other-device", UNREAD,
						"What the user reads on the phone is no longer unread on the page.", UnreadCases::otherDevice),
				Case.optional("unread/read-up-to", UNREAD,
						"A position that is not reported, or is too far, hides messages or shows them as new for ever.",
						UnreadCases::upTo),
				Case.optional("unread/read-all", UNREAD, "Without a position everything so far is read.",
						UnreadCases::everything),
				Case.optional("unread/returns", UNREAD,
						"The subscription ends with its connection; without another one the numbers stay as they were.",
						UnreadCases::returns),
				Case.optional("unread/names", UNREAD,
						"Names of topics may contain commas and percent signs, which are encoded in a list.",
						UnreadCases::names),
				Case.optional("unread/refused", UNREAD,
						"The application must learn that a topic has no read positions.", UnreadCases::refused))
			.map(Case::onDatabase)
			.toList();
	}

	private static void watched(Scene scene) {
		scene.connect(scene.token("1"));
		watch(scene, "room", "hall");
		expect(scene, "room", 0, 0);
		expect(scene, "hall", 0, 0);
		scene.publish("room", "1", "2");
		expect(scene, "room", 2, 0);
		scene.publish("hall", "1");
		expect(scene, "hall", 1, 0);
	}

	private static void otherDevice(Scene scene) {
		scene.publish("room", "1", "2");
		scene.connect(scene.token("1"));
		watch(scene, "room");
		expect(scene, "room", 2, 0);
		scene.server().read(scene.user(), scene.topic("room"));
		expect(scene, "room", 0, 2);
	}

	private static void upTo(Scene scene) {
		scene.publish("room", "1", "2", "3");
		Position head = scene.server().head(scene.topic("room"));
		scene.connect(scene.token("1"));
		scene.command("markRead", "topic", scene.topic("room"), "position", Map.of("epoch", head.epoch(), "seq", 2));
		scene.await("the read position 2 at the node", () -> read(scene) > 0);
		scene.check(read(scene) == 2, "the read position 2 at the node, not " + read(scene));
	}

	private static void everything(Scene scene) {
		scene.publish("room", "1", "2", "3");
		scene.connect(scene.token("1"));
		scene.command("markRead", "topic", scene.topic("room"));
		scene.await("the read position 3 at the node", () -> read(scene) == 3);
	}

	private static void returns(Scene scene) {
		Link first = scene.connect(scene.token("1"));
		watch(scene, "room");
		expect(scene, "room", 0, 0);
		first.cut();
		scene.awaitReturn(first);
		scene.publish("room", "1");
		expect(scene, "room", 1, 0);
	}

	private static void names(Scene scene) {
		String odd = "100%, or %2C 50";
		scene.publish(odd, "1");
		scene.connect(scene.token("1"));
		watch(scene, odd, "room");
		expect(scene, odd, 1, 0);
		scene.command("markRead", "topic", scene.topic(odd));
		expect(scene, odd, 0, 1);
		expect(scene, "room", 0, 0);
	}

	private static void refused(Scene scene) {
		Link link = scene.connect(scene.token("1"));
		scene.needsControlEvents(link);
		watch(scene, "volatile");
		scene.awaitEvent("denied", "u", " with the `reason` no-read-positions",
				(event) -> event.text("reason").equals("no-read-positions"));
		scene.check(scene.link() == link && link.endedAt() == null, "the same connection");
	}

	private static long read(Scene scene) {
		return scene.server().unread(scene.user(), scene.topic("room")).read();
	}

	private static void watch(Scene scene, String... last) {
		scene.command("watchUnread", "id", "u", "topics", Stream.of(last).map(scene::topic).toList());
	}

	/** The last event about the topic counts. */
	private static void expect(Scene scene, String last, int unread, int read) {
		scene.await("the event `unread` of `u` with the `topic` " + scene.topic(last) + ", `unread` " + unread
				+ " and `read` " + read, () -> {
					List<Event> events = scene.events("unread", "u")
						.stream()
						.filter((event) -> event.text("topic").equals(scene.topic(last)))
						.toList();
					Event newest = events.isEmpty() ? null : events.get(events.size() - 1);
					return newest != null && newest.number("unread") == unread && newest.number("read") == read;
				});
	}

}
