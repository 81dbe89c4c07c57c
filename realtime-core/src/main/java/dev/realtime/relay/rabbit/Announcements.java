package dev.realtime.relay.rabbit;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.realtime.Topic;
import dev.realtime.loop.Loop;
import dev.realtime.relay.RelayUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * The channel that announces. A thread of its own writes, because a write may block; the
 * caller's never does. A stage is complete when RabbitMQ has confirmed.
 */
final class Announcements {

	private static final String ENDED = "The connection to RabbitMQ ended before it confirmed";

	private final Channel channel;

	private final RabbitRelayOptions options;

	private final Loop thread;

	private final ConcurrentSkipListMap<Long, CompletableFuture<Void>> unconfirmed = new ConcurrentSkipListMap<>();

	/** Those that wait to be written, and the unconfirmed ones. */
	private final Map<Object, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();

	private final AtomicInteger count = new AtomicInteger();

	/** Why RabbitMQ takes nothing now, or null. */
	private volatile @Nullable String blocked;

	Announcements(Connection connection, RabbitRelayOptions options, Loop thread) throws IOException {
		this.channel = connection.createChannel();
		this.options = options;
		this.thread = thread;
		this.channel.confirmSelect();
		this.channel.addConfirmListener((tag, multiple) -> settled(tag, multiple, null),
				(tag, multiple) -> settled(tag, multiple, "RabbitMQ did not accept a message"));
		connection.addBlockedListener(new BlockedListener() {
			@Override
			public void handleBlocked(String reason) {
				Announcements.this.blocked = reason;
			}

			@Override
			public void handleUnblocked() {
				Announcements.this.blocked = null;
			}
		});
	}

	void onLost(Runnable lost) {
		this.channel.addShutdownListener((cause) -> lost.run());
	}

	boolean isOpen() {
		return this.channel.isOpen();
	}

	/** Any thread; never blocks. */
	CompletionStage<Void> publish(String key, Topic topic, byte[] bytes) {
		String why = this.blocked;
		if (why != null) {
			return CompletableFuture.failedFuture(refused("RabbitMQ accepts no messages now: " + why));
		}
		if (this.count.incrementAndGet() > this.options.unconfirmed()) {
			this.count.decrementAndGet();
			return CompletableFuture
				.failedFuture(refused(this.options.unconfirmed() + " messages already wait for RabbitMQ"));
		}
		CompletableFuture<Void> stage = new CompletableFuture<>();
		Object id = new Object();
		this.underWay.put(id, stage);
		var unused = stage.whenComplete((done, failure) -> {
			this.underWay.remove(id);
			this.count.decrementAndGet();
		});
		this.thread.execute(() -> write(key, topic, bytes, stage));
		if (this.thread.isClosed()) {
			stage.completeExceptionally(refused(ENDED));
		}
		return stage;
	}

	/** Any thread; what is unconfirmed fails. */
	void close() {
		this.thread.close();
		this.underWay.values().forEach((stage) -> stage.completeExceptionally(refused(ENDED)));
		this.unconfirmed.clear();
	}

	private void write(String key, Topic topic, byte[] bytes, CompletableFuture<Void> stage) {
		Long number = null;
		try {
			number = this.channel.getNextPublishSeqNo();
			this.unconfirmed.put(number, stage);
			this.channel.basicPublish(this.options.exchange(), key,
					new AMQP.BasicProperties.Builder().headers(Map.of(RabbitSession.TOPIC, topic.name())).build(),
					bytes);
		}
		catch (Throwable ex) {
			if (number != null) {
				this.unconfirmed.remove(number);
			}
			if (ex instanceof Error) {
				this.thread.failed(ex);
			}
			stage.completeExceptionally(
					new RelayUnavailableException("RabbitMQ does not accept a message: " + ex.getMessage(), ex));
		}
	}

	private void settled(long tag, boolean multiple, @Nullable String refusal) {
		Map<Long, CompletableFuture<Void>> settled = multiple ? this.unconfirmed.headMap(tag, true)
				: this.unconfirmed.subMap(tag, true, tag, true);
		for (Long each : List.copyOf(settled.keySet())) {
			CompletableFuture<Void> stage = this.unconfirmed.remove(each);
			if (stage != null && refusal == null) {
				stage.complete(null);
			}
			else if (stage != null) {
				stage.completeExceptionally(refused(refusal));
			}
		}
	}

	private static RelayUnavailableException refused(@Nullable String sentence) {
		return new RelayUnavailableException(String.valueOf(sentence), null);
	}

}
