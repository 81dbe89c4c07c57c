package dev.realtime.presence.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import dev.realtime.Topic;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceContract;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.presence.PublishedEvents;
import dev.realtime.redis.RedisKeys;
import dev.realtime.testing.RedisServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class RedisPresenceIT extends PresenceContract {

	private static final RedisServer redis = RedisServer.start();

	private final Fleet fleet = new Fleet(redis, SHORT);

	private @Nullable Fleet other;

	private List<RedisPresence> nodes = List.of();

	@AfterAll
	static void stopRedis() {
		redis.close();
	}

	@BeforeEach
	void start() {
		this.nodes = this.fleet.start(3);
	}

	@AfterEach
	void stop() {
		if (this.other != null) {
			this.other.close();
		}
		this.fleet.close();
	}

	@Override
	protected List<RedisPresence> start(PresenceOptions options) {
		this.other = new Fleet(redis, options, "other", Duration.ofMinutes(1));
		return this.other.start(2);
	}

	@Override
	protected PublishedEvents events() {
		return (this.other != null) ? this.other.events() : this.fleet.events();
	}

	@Override
	protected Presence first() {
		return this.nodes.get(0);
	}

	@Override
	protected Presence second() {
		return this.nodes.get(1);
	}

	@Test
	void leavesNothingBehindWhenTheLastUserIsGone() {
		enter(first(), "ann", "a1");
		enter(second(), "bob", "b1");
		leave(first(), "ann", "a1");
		leave(second(), "bob", "b1");
		await().untilAsserted(() -> assertThat(presenceKeys()).isEmpty());
	}

	@Test
	void leavesNothingBehindWhenTheWholeFleetDiesAndItsEventsAreOver() {
		try (Fleet dying = new Fleet(redis, SHORT, "dying", Duration.ofSeconds(1))) {
			List<RedisPresence> all = dying.start(2);
			enter(all.get(0), "ann", "a1");
			enter(all.get(1), "bob", "b1");
			leave(all.get(1), "bob", "b1");
			all.forEach(dying::kill);
			await().atMost(Duration.ofSeconds(5))
				.untilAsserted(() -> assertThat(dying.redis().keys("dying:*:p.*")).isEmpty());
			await().untilAsserted(() -> assertThat(dying.redis().keys("dying:*:agenda")).isEmpty());
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void rule6_usersOfAFleetThatWasAwayAsAWholeLeaveWhenItIsBack(boolean killed) {
		enter(first(), "ann", "a1");
		enter(second(), "bob", "b1");
		this.nodes.forEach(killed ? this.fleet::kill : RedisPresence::close);
		await().pollDelay(SHORT.lease().multipliedBy(2).plus(SHORT.grace().multipliedBy(2))).until(() -> true);
		assertThat(events().on(this.topic)).containsExactly("+ann", "+bob");
		this.fleet.start();
		await().untilAsserted(() -> assertThat(events().on(this.topic)).hasSize(4)
			.startsWith("+ann", "+bob")
			.contains("-ann", "-bob"));
	}

	@Test
	void letsOtherNodesSettleTheLeavesOfAClosedNodeLongBeforeItsLeaseEnds() {
		PresenceOptions longLease = new PresenceOptions(SHORT.grace(), Duration.ofMinutes(1), Duration.ofMinutes(3));
		try (Fleet other = new Fleet(redis, longLease)) {
			Presence closing = other.start();
			other.start();
			enter(closing, "ann", "a1");
			closing.close();
			assertThat(members(second())).containsExactly(new Presence.Member("ann", 0));
			await().untilAsserted(() -> assertThat(events().of(this.topic, "ann")).isEqualTo("+-"));
		}
	}

	@Test
	void tellsNothingWhenAUserMovesToAnotherNodeDuringADeploy() {
		for (int i = 0; i < 1_200; i++) {
			first().enter(this.topic, "user " + i, "c" + i);
		}
		enter(first(), "ann", "a1");
		this.nodes.get(0).close();
		enter(second(), "ann", "a2");
		await().untilAsserted(() -> assertThat(join(second().count(this.topic))).isEqualTo(1));
		await().untilAsserted(() -> assertThat(events().of(this.topic, "user 1199")).isEqualTo("+-"));
		assertThat(events().of(this.topic, "ann")).isEqualTo("+");
	}

	@Test
	void takesBackWhatAnotherNodeBuriedTooEarly() {
		Topic topic = this.topic;
		enter(first(), "ann", "a1");
		enter(second(), "bob", "b1");
		// As a node would find them that was cut off for longer than its lease.
		this.fleet.redis().del(key("nodes"), key("users"), key("totals"));
		this.fleet.redis().keys(key("n") + ":*").forEach((key) -> this.fleet.redis().del(key));
		await().untilAsserted(() -> assertThat(members(first())).containsExactly(new Presence.Member("ann", 1),
				new Presence.Member("bob", 1)));
		letTheGracePass();
		assertThat(events().of(topic, "ann")).isEqualTo("++");
	}

	@Test
	void takesAwayWhatRedisHasTooMuch() {
		enter(first(), "ann", "a1");
		String counts = this.fleet.redis().keys(key("n") + ":*").get(0);
		this.fleet.redis().hset(counts, "ghost", "1");
		this.fleet.redis().hset(key("totals"), "ghost", "1");
		this.fleet.redis().zadd(key("users"), 0, "ghost");
		await().untilAsserted(() -> assertThat(members(second())).containsExactly(new Presence.Member("ann", 1)));
		await().untilAsserted(() -> assertThat(events().of(this.topic, "ghost")).isEqualTo("-"));
	}

	/** The agenda and the members, but not the log of events. */
	private List<String> presenceKeys() {
		return this.fleet.redis().keys("rt:*").stream().filter((key) -> !key.contains(":_presence.")).toList();
	}

	private String key(String kind) {
		return new String(new RedisKeys("rt").of("p." + kind, this.topic), StandardCharsets.UTF_8);
	}

}
