package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.broker.Broker;
import dev.realtime.testing.NatsServer;
import dev.realtime.testing.RabbitServer;
import dev.realtime.testing.RedisServer;
import dev.realtime.testing.TcpProxy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A node that publishes while it cannot reach the relay. The others can, and compare
 * their positions with the log so seldom that only the node itself can tell them.
 */
class CutOffPublisherIT {

	private static final List<String> TOPICS = List.of("room.a", "room.b", "room.c");

	@ParameterizedTest
	@CsvSource({ "nats, cut", "nats, frozen", "rabbit, cut", "rabbit, frozen" })
	void rule7_whatANodePublishesWhileItIsCutOffReachesTheOthersAsSoonAsItIsBack(String engine, String how) {
		int port = engine.equals("nats") ? NatsServer.shared().port() : RabbitServer.shared().port();
		try (RedisServer redis = RedisServer.startProcess();
				TcpProxy proxy = new TcpProxy(port);
				ConfigurableApplicationContext one = node(redis, engine, proxy.port());
				ConfigurableApplicationContext two = node(redis, engine, port);
				StompTestClient bob = StompTestClient.connect(ChatNode.port(two), "bob")) {
			TOPICS.forEach((topic) -> bob.subscribe(topic, "/topic/" + topic));
			publish(one, 5);
			await().untilAsserted(() -> assertThat(seqs(bob)).allMatch(upTo(5)::equals));
			if (how.equals("frozen")) {
				// It looks open for some seconds, and takes what will never arrive.
				proxy.freeze();
				publish(one, 10);
			}
			else {
				proxy.switchTo(1);
				await().until(() -> !one.getBean(Broker.class).isConnected());
				publish(one, 10);
				proxy.switchTo(port);
			}
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(seqs(bob)).allMatch(upTo(15)::equals));
			await().until(() -> one.getBean(Broker.class).isConnected());
			publish(one, 5);
			await().untilAsserted(() -> assertThat(seqs(bob)).allMatch(upTo(20)::equals));
		}
	}

	private static ConfigurableApplicationContext node(RedisServer redis, String engine, int port) {
		return ChatNode.start(redis.port(), "realtime.repair.check-interval=10m", "realtime.relay.type=" + engine,
				"realtime.redis.prefix=cut", "realtime.relay.nats.prefix=cut", "realtime.relay.rabbit.exchange=cut",
				"realtime.relay.nats.servers=nats://127.0.0.1:" + port,
				"realtime.relay.rabbit.uri=" + RabbitServer.uri(port));
	}

	private static void publish(ConfigurableApplicationContext node, int each) {
		RealtimePublisher publisher = node.getBean(RealtimePublisher.class);
		for (int i = 0; i < each; i++) {
			TOPICS.forEach((topic) -> publisher.publishAndWait(Publication.of(Topic.of(topic), Content.text("text"))));
		}
	}

	private static List<List<Long>> seqs(StompTestClient client) {
		return TOPICS.stream()
			.map((topic) -> client.frames()
				.stream()
				.filter((frame) -> frame.isMessage() && ("/topic/" + topic).equals(frame.header("destination")))
				.map(StompFrame::seq)
				.toList())
			.toList();
	}

	private static List<Long> upTo(long last) {
		return LongStream.rangeClosed(1, last).boxed().toList();
	}

}
