package dev.realtime.spring.journey;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.testing.KafkaServer;
import dev.realtime.testing.RedisServer;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * Two regions, {@code eu} and {@code us}, each with a Redis of its own, and one Kafka.
 * The home of {@code room.*} is eu; that of {@code us.*} is us.
 */
final class RegionFleets implements AutoCloseable {

	private static final AtomicInteger NUMBER = new AtomicInteger();

	/** What closes it all, in the order in which it was opened. */
	private final List<Runnable> open = new ArrayList<>();

	private final KafkaServer kafka;

	private final String prefix = "rt" + NUMBER.incrementAndGet();

	/** Which region's nodes reach Kafka through the proxy. */
	private final String proxied;

	final RedisServer eu = RedisServer.startProcess();

	final RedisServer us = RedisServer.startProcess();

	RegionFleets(KafkaServer kafka, String proxied) {
		this.kafka = kafka;
		this.proxied = proxied;
		this.open.add(this.eu::close);
		this.open.add(this.us::close);
	}

	ConfigurableApplicationContext node(String region, String... more) {
		ConfigurableApplicationContext node = ChatNode.start(redis(region).port(), properties(region, more));
		this.open.add(node::close);
		return node;
	}

	NodeProcess process(String region, String... more) {
		NodeProcess node = NodeProcess.start(redis(region).port(), properties(region,
				Stream.concat(Stream.of("realtime.security.anonymous=true"), Stream.of(more)).toArray(String[]::new)));
		this.open.add(node::close);
		return node;
	}

	StompTestClient client(ConfigurableApplicationContext node, String topic) {
		StompTestClient client = StompTestClient.connect(ChatNode.port(node), "ann");
		this.open.add(client::close);
		client.subscribe("sub-0", "/topic/" + topic);
		return client;
	}

	/** Breaks the bridge of the region that is behind the proxy. */
	void cut() {
		this.kafka.proxy().switchTo(1);
	}

	void heal() {
		this.kafka.heal();
	}

	static PublishReceipt publish(ConfigurableApplicationContext node, String topic, String text) {
		return node.getBean(RealtimePublisher.class)
			.publishAndWait(Publication.of(Topic.of(topic), Content.text(text)));
	}

	/** Publishes on some topics at the same time, and waits for all receipts. */
	static void publishOnEach(ConfigurableApplicationContext node, String prefix, int topics, String text) {
		await(IntStream.range(0, topics).mapToObj((i) -> send(node, prefix + i, text)).toList());
	}

	/** Publishes some messages on one topic, and waits for all receipts. */
	static void publishMany(ConfigurableApplicationContext node, String topic, int count) {
		await(IntStream.range(0, count).mapToObj((i) -> send(node, topic, "m" + i)).toList());
	}

	private static CompletableFuture<PublishReceipt> send(ConfigurableApplicationContext node, String topic,
			String text) {
		return node.getBean(RealtimePublisher.class)
			.publish(Publication.of(Topic.of(topic), Content.text(text)))
			.toCompletableFuture();
	}

	private static void await(List<CompletableFuture<PublishReceipt>> receipts) {
		CompletableFuture.allOf(receipts.toArray(CompletableFuture[]::new)).orTimeout(20, TimeUnit.SECONDS).join();
	}

	private RedisServer redis(String region) {
		return region.equals("eu") ? this.eu : this.us;
	}

	private String[] properties(String region, String... more) {
		String address = region.equals(this.proxied) ? this.kafka.proxiedAddress() : this.kafka.address();
		return Stream
			.concat(Stream.of("realtime.region=" + region, "realtime.regions.names=eu,us",
					"realtime.regions.kafka.bootstrap-servers=" + address,
					"realtime.regions.kafka.topic-prefix=" + this.prefix, "realtime.regions.kafka.partitions=4",
					"realtime.regions.kafka.properties.session.timeout.ms=6000", "realtime.regions.timeout=3s",
					"realtime.regions.compare-interval=500ms", "realtime.topics.rooms.home=eu",
					"realtime.topics.us.pattern=us.*", "realtime.topics.us.home=us",
					"realtime.topics.us.client-publish=true", "logging.level.org.apache.kafka=off"), Stream.of(more))
			.toArray(String[]::new);
	}

	@Override
	public void close() {
		heal();
		Collections.reverse(this.open);
		this.open.forEach(Runnable::run);
	}

}
