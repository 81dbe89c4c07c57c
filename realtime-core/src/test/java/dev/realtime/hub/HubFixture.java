package dev.realtime.hub;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.Broker;
import dev.realtime.connection.Connection;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.connection.FrameEncoder;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.connection.Subscriber;
import dev.realtime.delivery.Audience;
import dev.realtime.delivery.DeliveryShard;
import dev.realtime.loop.Loops;
import dev.realtime.testing.SmallHub;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

import static org.awaitility.Awaitility.await;

/**
 * A hub and its clients, on a broker that fails on request. The hub has one shard, so
 * that a failure would meet all clients.
 */
public abstract class HubFixture<B extends Broker> {

	protected static final Topic ROOM = Topic.of("room.42");

	/** The log is never compared by itself. */
	protected static final HubOptions OPTIONS = SmallHub.OPTIONS.toBuilder()
		.maxSubscriptions(200)
		.checkInterval(Duration.ofHours(1))
		.openTimeout(Duration.ofSeconds(5))
		.build();

	protected final B broker;

	protected final Loops loops;

	protected final FrameEncoder encoder;

	protected final List<ScheduledExecutorService> eventLoops;

	protected final Hub hub;

	protected volatile TopicPolicies policies = TopicPolicies.all(TopicPolicy.DEFAULT);

	protected volatile ConnectionListener listener = ConnectionListener.NONE;

	protected HubFixture(B broker, HubOptions options, FrameEncoder encoder, ScheduledExecutorService... eventLoops) {
		this(broker, options, encoder, new Loops(), eventLoops);
	}

	protected HubFixture(B broker, HubOptions options, FrameEncoder encoder, Loops loops,
			ScheduledExecutorService... eventLoops) {
		this.loops = loops;
		this.broker = broker;
		this.encoder = encoder;
		this.eventLoops = List.of(eventLoops);
		this.hub = new Hub(options, broker, encoder, (topic) -> this.policies.of(topic), new Delegating(), this.loops,
				this.eventLoops);
		this.broker.start(this.hub);
		this.hub.start();
	}

	@AfterEach
	protected void close() {
		this.hub.close();
		this.broker.close();
	}

	/** A client whose subscription is live. */
	protected final RecordingTransport subscribed(String id) {
		return subscribed(id, ROOM, true);
	}

	protected final RecordingTransport subscribed(String id, Topic topic, boolean control) {
		RecordingTransport transport = connected(id, control);
		connection(id).subscribe(new SubscribeRequest("sub-0", topic, null, 0, "ready"));
		awaitFrame(transport);
		return transport;
	}

	protected void awaitFrame(RecordingTransport transport) {
		await().pollInterval(Duration.ofMillis(1)).until(() -> !transport.frames.isEmpty());
	}

	protected final RecordingTransport connected(String id) {
		return connected(id, true);
	}

	/**
	 * A client that has not subscribed.
	 * @param control whether it gets control events
	 */
	protected final RecordingTransport connected(String id, boolean control) {
		RecordingTransport transport = new RecordingTransport();
		this.hub.connect(id, transport).introduce(null, control, Duration.ZERO, Duration.ZERO);
		return transport;
	}

	protected final Connection connection(String id) {
		return Objects.requireNonNull(this.hub.connection(id));
	}

	protected final Position publish(int count) {
		return publish(ROOM, count);
	}

	/** Returns the last one's position. */
	protected final Position publish(Topic topic, int count) {
		@Nullable Position last = null;
		for (int i = 0; i < count; i++) {
			last = this.broker.publish(Publication.of(topic, Content.text("m")), this.policies.of(topic))
				.toCompletableFuture()
				.join()
				.position();
		}
		return Objects.requireNonNull(last);
	}

	/** The first shard of a hub. */
	public static DeliveryShard shard(Hub hub) {
		return hub.shards().get(0);
	}

	/** The audience of a subscriber that has begun. */
	public static Audience audience(Subscriber subscriber) {
		return Objects.requireNonNull(subscriber.audience());
	}

	/** Keeps the shard busy with a task that waits. */
	protected final Hold hold() {
		Hold hold = new Hold(new CountDownLatch(1), new CountDownLatch(1));
		this.hub.shards().get(0).execute(() -> {
			hold.held.countDown();
			awaitLatch(hold.release);
		});
		return hold;
	}

	protected static void awaitLatch(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * A task of the shard that waits.
	 *
	 * @param held open when it runs
	 * @param release ends it
	 */
	public record Hold(CountDownLatch held, CountDownLatch release) {
	}

	private final class Delegating implements ConnectionListener {

		@Override
		public void onLive(Subscriber subscriber) {
			HubFixture.this.listener.onLive(subscriber);
		}

		@Override
		public void onEnd(Subscriber subscriber) {
			HubFixture.this.listener.onEnd(subscriber);
		}

		@Override
		public void onClosed(Connection connection) {
			HubFixture.this.listener.onClosed(connection);
		}

	}

}
