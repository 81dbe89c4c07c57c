package dev.realtime.redis;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.realtime.Epochs;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.redis.RedisBroker;
import dev.realtime.broker.redis.RedisBrokerOptions;
import dev.realtime.loop.Loops;
import dev.realtime.occupancy.OccupancyCall;
import dev.realtime.occupancy.OccupancyReply;
import dev.realtime.occupancy.redis.RedisOccupancyStore;
import dev.realtime.partition.Partitions;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.presence.redis.RedisPresence;
import dev.realtime.rate.FleetRates;
import dev.realtime.rate.redis.RedisFleetRates;
import dev.realtime.restriction.Restriction;
import dev.realtime.restriction.Revision;
import dev.realtime.restriction.redis.RedisConnectionCounts;
import dev.realtime.restriction.redis.RedisRestrictionStore;
import dev.realtime.sequence.redis.RedisTopicCounter;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisServer;
import io.lettuce.core.RedisClient;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * All keys of a call lie in one slot, and no script touches a key that it was not given:
 * every script is called and MONITOR tells what it does.
 */
class ScriptKeysIT {

	/** Add one for each script that is written. */
	private static final int SCRIPTS = 19;

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	@ParameterizedTest
	@EnumSource
	void everyScriptStaysWithinItsKeysAndTheyInOneSlot(Channels channels) throws IOException {
		RedisKeys keys = new RedisKeys("rt", new Partitions(128), channels);
		try (RedisServer redis = RedisServer.startProcess();
				RedisFleet fleet = new RedisFleet(redis.uri(), keys);
				ScriptMonitor monitor = new ScriptMonitor(redis.port())) {
			RedisLink link = fleet.link();
			assertThat(Await.result(FleetSettings.of(keys).agree(link, keys))).isEqualTo(FleetSettings.of(keys));
			for (Topic topic : List.of(Topic.of("room.42"), Topic.of("room:{1}:%3A"), Topic.of("__audit.log"))) {
				publishAndRead(fleet, topic);
				RedisTopicCounter counter = new RedisTopicCounter(link, keys);
				assertThat(Await.result(counter.take(topic, "E", 1, 0))).isZero();
				assertThat(Await.result(counter.takeAbove(topic, "E", 1, 5))).isEqualTo(6);
				enterAndDie(fleet, keys, topic);
			}
			occupyAndDie(fleet.link(), keys);
			spanTopics(link, keys);
			Await
				.until(() -> assertThat(monitor.scripts()).as("violations: %s", monitor.violations()).hasSize(SCRIPTS));
			assertThat(monitor.calls()).isGreaterThan(100);
			assertThat(monitor.violations()).isEmpty();
		}
	}

	private static void publishAndRead(RedisFleet fleet, Topic topic) {
		RedisBroker broker = fleet.broker();
		Messages.Heard heard = new Messages.Heard();
		broker.start(heard);
		Await.result(broker.subscribe(new TopicPattern("**")));
		Publication publication = Publication.to(topic)
			.content(Messages.text(topic, "text").content())
			.id("a:}{b")
			.build();
		assertThat(Await.result(broker.publish(publication, TopicPolicy.DEFAULT)).duplicate()).isFalse();
		assertThat(Await.result(broker.publish(publication, TopicPolicy.DEFAULT)).duplicate()).isTrue();
		Await.until(() -> assertThat(heard.texts()).contains("text"));
		Await.result(broker.sequence().next(topic));
		for (int i = 0; i < 20; i++) {
			Await.result(broker.publish(Messages.text(topic, "text"), TopicPolicy.DEFAULT));
		}
		Await.result(broker.log().heads(List.of(topic)));
		Await.result(broker.log().peek(List.of(topic)));
		Await.result(broker.log().readBefore(topic, null, 10));
		Await.result(broker.log().read(topic, Await.result(broker.sequence().current(topic)).withSeq(0), 10));
	}

	/** The second node buries the first. */
	private static void enterAndDie(RedisFleet fleet, RedisKeys keys, Topic topic) {
		RedisClient dying = fleet.client();
		try (RedisPresence first = presence(dying, keys, "a:b");
				RedisPresence second = presence(fleet.client(), keys, "b")) {
			Await.result(first.enter(topic, "ann:}{", "1"));
			Await.result(second.enter(topic, "bob", "1"));
			dying.shutdown(Duration.ZERO, Duration.ZERO);
			Await.until(() -> assertThat(Await.result(second.members(topic, 10))).extracting("user")
				.containsExactly("bob"));
			Await.result(second.leave(topic, "bob", "1"));
		}
	}

	private static RedisPresence presence(RedisClient client, RedisKeys keys, String node) {
		RedisPresence presence = new RedisPresence(client, keys, node,
				new PresenceOptions(Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofMillis(600)),
				TopicPolicies.all(TopicPolicy.DEFAULT), TIMEOUT, RedisBrokerOptions.DEFAULT.numberingTtl(),
				new Loops());
		presence.start((topic, event) -> {
			throw new AssertionError(event);
		});
		return presence;
	}

	/** The second node buries the first. */
	private static void occupyAndDie(RedisLink link, RedisKeys keys) {
		try (RedisOccupancyStore store = new RedisOccupancyStore(link, keys)) {
			Topic topic = Topic.of("room:{1}:%3A");
			OccupancyReply begun = occupy(store, "a:}{b~1", "", topic, List.of());
			assertThat(begun.accepted()).isFalse();
			assertThat(occupy(store, "a:}{b~1", begun.epoch(), topic, List.of()).changes()).hasSize(1);
			Await.until(() -> assertThat(occupy(store, "b~1", begun.epoch(), topic, List.of()).dead())
				.containsExactly("a:}{b~1"));
			OccupancyReply buried = occupy(store, "b~1", begun.epoch(), topic, List.of("a:}{b~1"));
			assertThat(buried.dead()).isEmpty();
			assertThat(buried.held()).isOne();
		}
	}

	private static OccupancyReply occupy(RedisOccupancyStore store, String name, String epoch, Topic topic,
			List<String> dead) {
		return Await.result(store.call(store.partition(topic),
				new OccupancyCall(name, epoch, Duration.ofMillis(50), 10, true, dead, Map.of(Topic.of("other"), false),
						List.of(topic), List.of(new OccupancyCall.Own(topic, true, false)))));
	}

	private static void spanTopics(RedisLink link, RedisKeys keys) {
		try (RedisConnectionCounts counts = new RedisConnectionCounts(link, keys, "a", Duration.ofMinutes(1));
				RedisRestrictionStore store = new RedisRestrictionStore(link, keys, 10);
				RedisFleetRates rates = new RedisFleetRates(link, keys)) {
			assertThat(Await.result(counts.renew())).isFalse();
			assertThat(Await.result(counts.renew())).isTrue();
			assertThat(Await.result(counts.report("ann}:{", 2, 2, 1))).isEqualTo(1);
			Restriction blocked = Restriction.of("b:ann", "");
			Await.result(store.put(blocked, Duration.ofMinutes(1)));
			Await.result(store.read(new Revision(Epochs.next(new SecureRandom()), 0)));
			Await.result(store.remove(blocked));
			assertThat(Await.result(rates.take("ann", List.of(new FleetRates.Take("sends", 1, 10, 1)))))
				.containsExactly(9L);
		}
	}

}
