package dev.realtime.broker.redis;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.partition.Partitions;
import dev.realtime.redis.Channels;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.ShardServers;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisServer;
import dev.realtime.testing.RedisShards;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** One of three independent servers is lost while messages are published. */
class ShardsFaultsIT {

	private final List<String> others = RedisShards.shared().subList(0, 2);

	private final RedisServer lost = RedisServer.startProcess();

	/** Names of its own, because the shared servers are in the lists of other tests. */
	private final RedisKeys keys = new RedisKeys("faults" + this.lost.port(), new Partitions(128), Channels.BOTH);

	private final List<String> uris = Stream.concat(Stream.of(this.lost.uri()), this.others.stream()).toList();

	private final RedisFleet fleet = RedisFleet.ofShards(this.uris, this.keys);

	private final Messages.Heard heard = new Messages.Heard();

	private final List<Topic> topics = IntStream.range(0, 60).mapToObj((i) -> Messages.topic()).toList();

	@AfterEach
	void stop() {
		this.fleet.close();
		this.lost.close();
	}

	@Test
	void rule7_theOthersGoOnAndTheLostOnesFailClearlyAndHeal() {
		RedisBroker broker = this.fleet.broker();
		broker.start(this.heard);
		this.topics.forEach((topic) -> Await.result(broker.subscribe(topic)));
		List<Topic> there = this.topics.stream().filter((topic) -> !isLost(topic)).toList();
		List<Topic> away = this.topics.stream().filter(this::isLost).toList();
		assertThat(there).hasSizeGreaterThan(20);
		assertThat(away).hasSizeGreaterThan(5);
		List<PublishReceipt> confirmed = new ArrayList<>(publish(broker, this.topics));
		Await.until(() -> assertThat(this.heard.messages()).hasSize(confirmed.size()));

		this.lost.stop();
		for (int round = 0; round < 20; round++) {
			confirmed.addAll(publish(broker, there));
		}
		for (Topic topic : away) {
			assertThatThrownBy(() -> Await.result(send(broker, topic))).isInstanceOf(PublishException.class)
				.hasMessageContaining("Redis");
		}
		assertThat(broker.isUsable()).isTrue();
		assertThat(broker.problem()).contains("127.0.0.1:" + this.lost.port());

		this.lost.restart();
		for (Topic topic : away) {
			Await.until(() -> confirmed.add(Await.result(send(broker, topic))));
		}
		Await.until(() -> assertThat(broker.problem()).isNull());
		Await.until(() -> assertThat(this.heard.reconnections()).isPositive());
		confirmed.addAll(publish(broker, this.topics));
		Set<Object> after = new HashSet<>();
		confirmed.subList(confirmed.size() - this.topics.size(), confirmed.size())
			.forEach((receipt) -> after.add(receipt.position() + " " + receipt.topic()));
		Await.until(() -> assertThat(this.heard.messages()
			.stream()
			.map((message) -> (Object) (message.position() + " " + message.topic()))
			.toList()).doesNotHaveDuplicates().containsAll(after));
		for (Topic topic : there) {
			assertThat(this.heard.messages()
				.stream()
				.filter((message) -> message.topic().equals(topic))
				.map(TopicMessage::seq)).isSorted().hasSize(22);
		}
	}

	private boolean isLost(Topic topic) {
		List<String> names = this.uris.stream().map((uri) -> uri.substring("redis://".length())).toList();
		return ShardServers.of(this.keys.partitions().of(topic), names).equals(names.get(0));
	}

	private static List<PublishReceipt> publish(RedisBroker broker, List<Topic> topics) {
		return topics.stream().map((topic) -> send(broker, topic)).toList().stream().map(Await::result).toList();
	}

	private static CompletableFuture<PublishReceipt> send(RedisBroker broker, Topic topic) {
		return broker.publish(Messages.text(topic, "text"), TopicPolicy.DEFAULT).toCompletableFuture();
	}

}
