package dev.realtime.spring;

import java.util.ArrayList;
import java.util.List;

import dev.realtime.IllegalTopicException;
import dev.realtime.Topic;
import dev.realtime.testing.OddNames;
import dev.realtime.testing.fuzz.FuzzContract;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/** A destination is one topic and back, and no topic is that of another user. */
class DestinationsFuzzTests extends FuzzContract {

	private final Destinations destinations = new Destinations(() -> "/user");

	@Override
	protected List<byte[]> corpus() {
		List<byte[]> corpus = new ArrayList<>(
				bytes("/topic/room.42\nann\n/queue/x", "/queue/orders\nann@b.c\n/queue/a/b",
						"/topic/_presence.room.42\na.b\n/queue/a.b", "/my.queue/x\nann\n//", "//x\n_\n/queue/x",
						"/topic/_user.ann.queue.x\nann\n/queue/x", "_user.ann.queue.x\nann\n/queue/x",
						"_-presence.x\n\n/", "/topic/_presence._user.x\n" + "u".repeat(200) + "\n/queue/x"));
		OddNames.all("x").forEach((name) -> corpus.addAll(bytes("/topic/" + name + "\nann\n/queue/" + name)));
		return corpus;
	}

	@Override
	protected List<String> words() {
		return List.of("/topic/", "/queue/", "/user/", "/presence/", "/fleet/", "_user.", "_presence.", "_queue.", "_-",
				"_5f", "_h", ".", "/", "_", "*", "**", "é", "\u2028");
	}

	@Override
	protected int maxLength() {
		return 900;
	}

	@Override
	protected Object check(byte[] input) {
		String[] texts = text(input).split("\n", 3);
		return List.of(destination(texts[0]), name(texts[0]), name(texts[texts.length - 1]),
				(texts.length == 3) ? personal(texts[0], texts[1], '/' + texts[2]) : "");
	}

	private String destination(String destination) {
		try {
			this.destinations.pattern(destination);
		}
		catch (IllegalTopicException ex) {
			assertThat(isPlain(ex.getMessage())).isTrue();
		}
		Topic topic;
		try {
			topic = this.destinations.topic(destination);
		}
		catch (IllegalTopicException ex) {
			assertThat(isPlain(ex.getMessage())).isTrue();
			return "illegal";
		}
		assertThat(this.destinations.of(topic)).isEqualTo(destination);
		assertThat(this.destinations.isReachable(topic)).isTrue();
		assertThat(this.destinations.isPersonal(topic)).isFalse();
		return topic.isReserved() + "";
	}

	/** A name that a client gives over HTTP. */
	private String name(String name) {
		Topic topic;
		@Nullable String destination;
		try {
			topic = Topic.of(name);
			destination = Destinations.ofName(name);
		}
		catch (IllegalTopicException ex) {
			assertThat(isPlain(ex.getMessage())).isTrue();
			return "illegal";
		}
		boolean reachable = this.destinations.isReachable(topic);
		if (destination != null) {
			assertThat(reachable).isTrue();
			assertThat(this.destinations.topic(destination)).isEqualTo(topic);
		}
		if (reachable && !this.destinations.isPersonal(topic)) {
			assertThat(this.destinations.topic(this.destinations.of(topic))).isEqualTo(topic);
		}
		return reachable + "" + (destination != null);
	}

	private String personal(String user, String other, String destination) {
		Topic topic;
		try {
			topic = this.destinations.personal(user, destination);
		}
		catch (IllegalTopicException ex) {
			assertThat(isPlain(ex.getMessage())).isTrue();
			return "illegal";
		}
		assertThat(this.destinations.isPersonal(topic, user)).isTrue();
		assertThat(this.destinations.isPersonal(topic, other)).isEqualTo(user.equals(other));
		assertThat(this.destinations.isReachable(topic)).isTrue();
		assertThat(this.destinations.of(topic)).isEqualTo("/user" + destination);
		return "personal";
	}

}
