package dev.realtime.spring;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.realtime.IllegalTopicException;
import dev.realtime.Topic;
import dev.realtime.testing.OddNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class DestinationsTests {

	private final Destinations destinations = new Destinations(() -> "/user");

	@ParameterizedTest
	@CsvSource({ "/topic/room.42, room.42", "/topic/room/42, room/42", "/topic/_status, _status",
			"/topic/_audit.log, __audit.log", "/topic/_user.ann.queue.x, __user.ann.queue.x",
			"/topic/_presence.room.42, _presence.room.42", "/topic/_presence.room/42, _presence.room/42",
			"/topic/_presence._user.x, _presence.__user.x", "/topic/_presence._presence.x, _presence._presence.x",
			"/queue/orders, _queue.orders", "/queue/a/b.c, _queue.a/b.c", "/my.queue/x, _my_2equeue.x",
			"/my/queue/x, _my.queue/x", "/presence/room.42, _-presence.room.42", "/fleet/users, _-fleet.users",
			"/user2/x, _user2.x", "/_x/y, _-_5fx.y", "/-x/y, _--x.y", "//x, _-_.x", "/ü/x, _-_c3_bc.x",
			"/exchange/amq.direct/x, _exchange.amq.direct/x" })
	void aDestinationIsOneTopicAndBack(String destination, String name) {
		Topic topic = this.destinations.topic(destination);
		assertThat(topic.name()).isEqualTo(name);
		assertThat(this.destinations.of(topic)).isEqualTo(destination);
		assertThat(this.destinations.isReachable(topic)).isTrue();
	}

	@Test
	void noTwoDestinationsShareATopic() {
		List<String> all = new ArrayList<>();
		for (String prefix : List.of("/topic/", "/topic/_presence.", "/queue/", "/user2/", "/presence/", "/-presence/",
				"/_presence/", "/_queue/", "//", "/_/")) {
			OddNames.all("x").forEach((name) -> all.add(prefix + name));
		}
		Set<Topic> topics = new HashSet<>();
		assertThat(all).allSatisfy((destination) -> {
			Topic topic = this.destinations.topic(destination);
			assertThat(topics.add(topic)).as(destination).isTrue();
			assertThat(this.destinations.of(topic)).isEqualTo(destination);
			assertThat(this.destinations.isPersonal(topic)).isFalse();
		});
	}

	@ParameterizedTest
	@CsvSource({ "ann, /queue/notices, _user.ann.queue.notices", "ann@b.c, /queue/x, _user.ann_40b_2ec.queue.x",
			"ann, /queue/a/b, _user.ann.queue.a.b", "ann, /queue/a.b, _user.ann.queue.a_2eb",
			"a.b, /queue/x, _user.a_2eb.queue.x" })
	void aUsersDestinationIsATopicOfThatUser(String user, String destination, String name) {
		Topic topic = this.destinations.personal(user, destination);
		assertThat(topic.name()).isEqualTo(name);
		assertThat(this.destinations.of(topic)).isEqualTo("/user" + destination);
		assertThat(this.destinations.isPersonal(topic, user)).isTrue();
		assertThat(this.destinations.isReachable(topic)).isTrue();
	}

	@Test
	void aLongNameOfAUserIsOneUsersAlone() {
		String destination = "/queue/" + "x".repeat(160);
		Set<Topic> topics = new HashSet<>();
		for (String user : List.of("a".repeat(128), "a".repeat(129), "a".repeat(254) + 'b', "a".repeat(255),
				"\u6f22".repeat(14), "\u6f22".repeat(15), "\u6f22".repeat(255), "\ud83d\ude00".repeat(127))) {
			Topic topic = this.destinations.personal(user, destination);
			assertThat(topics.add(topic)).isTrue();
			assertThat(this.destinations.of(topic)).isEqualTo("/user" + destination);
			assertThat(this.destinations.isReachable(topic)).isTrue();
			assertThat(this.destinations.isPersonal(topic, user)).isTrue();
			assertThat(this.destinations.isPersonal(topic, user + 'x')).isFalse();
		}
		assertThat(this.destinations.personal("a".repeat(129), "/queue/x").name())
			.isEqualTo("_user._hc12cb024a2e5551cca0e08fce8f1c5e314555cc3fef6329ee994a3db752166ae.queue.x");
	}

	@ParameterizedTest
	@ValueSource(strings = { "_user.ann", "_user._h00.x", "_user.a_zz.x", "_user.a_6e.x", "_queue_zz.a", "_-queue.a",
			"_presence_.x", "_topic.room.42", "_presence._user.ann.x", "_queue.", "_fleet.users" })
	void aReservedNameThatNoDestinationHasIsNotReachable(String name) {
		assertThat(this.destinations.isReachable(Topic.of(name))).isFalse();
	}

	/** Its destination would be that of another topic. */
	@ParameterizedTest
	@ValueSource(strings = { "_presence._user.ann.x", "_presence._r.", "_user.ann.x", "_queue.a", "_fleet.users" })
	void aReservedNameHasNoDestinationBelowTopic(String name) {
		assertThat(Destinations.ofName(name)).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "room.42, /topic/room.42", "__audit.log, /topic/_audit.log", "_presence.room, /topic/_presence.room",
			"_presence.__user.x, /topic/_presence._user.x", "_presence._presence.x, /topic/_presence._presence.x",
			"_presence._presence._user.x, /topic/_presence._presence._user.x" })
	void aNameHasTheDestinationThatLeadsBackToIt(String name, String destination) {
		assertThat(Destinations.ofName(name)).isEqualTo(destination);
		assertThat(this.destinations.topic(destination)).isEqualTo(Topic.of(name));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "topic", "/topic", "/topic/", "topic/x", "/queue/", "/topic/a\nb", "/queue/a\tb",
			"/topic/_presence.", "/topic/_presence.a\nb" })
	void namesNoTopic(String destination) {
		assertThatExceptionOfType(IllegalTopicException.class).isThrownBy(() -> this.destinations.topic(destination));
	}

}
