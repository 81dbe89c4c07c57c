package dev.realtime.region;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.broker.Broker;
import dev.realtime.broker.DelegatingBroker;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.RegionalBroker;
import dev.realtime.log.TopicLog;
import dev.realtime.loop.LogThrottle;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.relay.Relay;
import dev.realtime.sequence.SequenceService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker of one of several regions. On topics whose home is this region it publishes
 * as ever and then tells the other regions. What is published on topics of another region
 * goes there and comes back over the bridge, with the same position; subscribers and
 * readers have it from this region's store. All other topics, and signals, stay in the
 * region.
 * <p>
 * A bridge or a home that is away fails publications on its topics with a
 * {@link PublishException} whose cause is a {@link HomeAwayException}, and nothing else.
 */
public final class RegionBroker extends DelegatingBroker {

	private static final Logger logger = LoggerFactory.getLogger(RegionBroker.class);

	private final RegionOptions options;

	private final RegionalBroker store;

	private final Bridge bridge;

	private final Loop loop;

	private final Forwarding forwarding;

	private final Heads heads;

	private final Home home;

	private final Copying copying;

	private final RegionLog log;

	private final Sequences sequence = new Sequences();

	private final LogThrottle malformed;

	/**
	 * Wires a broker; owns the store and the bridge.
	 * @param policies how topics are kept
	 * @param loops makes its thread
	 */
	public RegionBroker(RegionOptions options, RegionalBroker store, Bridge bridge, TopicPolicies policies,
			Loops loops) {
		this.options = options;
		this.store = store;
		this.bridge = bridge;
		this.loop = loops.loop("realtime-region");
		this.malformed = new LogThrottle(loops.environment());
		this.forwarding = new Forwarding(options, bridge, loops.environment());
		this.heads = new Heads(options, store, bridge, this.loop);
		this.home = new Home(options, store, policies, bridge, this.heads, loops.environment());
		this.copying = new Copying(options, store, policies, bridge, this.loop, this.forwarding::isLost);
		this.log = new RegionLog(store.log(), options);
	}

	@Override
	public void start(Relay.Listener listener) {
		this.store.start(listener);
		this.forwarding.start(this.loop);
		this.heads.start();
		this.copying.start();
		this.bridge.start(new Receiver(), true);
	}

	@Override
	public void startPublishing() {
		this.store.startPublishing();
		this.forwarding.start(this.loop);
		this.bridge.start(new Receiver(), false);
	}

	@Override
	public CompletionStage<PublishReceipt> publish(Publication publication, TopicPolicy policy) {
		String of = this.options.home().apply(publication.topic());
		if (of == null) {
			return this.store.publish(publication, policy);
		}
		if (of.equals(this.options.own())) {
			return this.home.publish(publication, policy, publication.idempotencyKey());
		}
		return this.forwarding.publish(of, this.store.partition(publication.topic()), publication);
	}

	/** This region's own store; what other regions do does not count. */
	@Override
	protected Broker delegate() {
		return this.store;
	}

	@Override
	public TopicLog log() {
		return this.log;
	}

	@Override
	public SequenceService sequence() {
		return this.sequence;
	}

	/** The regions that share topics with this one. */
	public RegionOptions options() {
		return this.options;
	}

	/** How many topics are known to be behind their homes. */
	public int behind() {
		return this.copying.behind();
	}

	/** How many messages of other regions this node has stored. */
	public long copied() {
		return this.copying.copied();
	}

	/** How often this node has asked a home for messages that were missing. */
	public long repairs() {
		return this.copying.asked();
	}

	/** How many forwarded publications of this node have no answer yet. */
	public int pending() {
		return this.forwarding.pending();
	}

	/** How many letters of a region wait to be read by this node. */
	public long lag(String region) {
		return this.bridge.lag(region);
	}

	/** How long nothing was heard of a region. */
	public Duration silence(String region) {
		return this.forwarding.silence(region);
	}

	@Override
	public void close() {
		this.bridge.close();
		this.forwarding.close();
		boolean unused = this.loop.close(Duration.ofSeconds(1));
		this.store.close();
	}

	private final class Receiver implements Bridge.Receiver {

		@Override
		public CompletionStage<Void> told(String home, List<byte[]> letters) {
			return RegionBroker.this.copying.told(home, letters);
		}

		@Override
		public CompletionStage<Void> asked(int share, List<byte[]> letters) {
			return RegionBroker.this.home.asked(share, letters);
		}

		@Override
		public void answered(byte[] letter) {
			try {
				RegionBroker.this.forwarding.answered(Letters.read(letter));
			}
			catch (Throwable ex) {
				// That one answer is lost; its publication has an unknown outcome.
				if (RegionBroker.this.malformed.add() > 0) {
					logger.warn("Ignored an answer of another region that could not be handled: {}", ex.toString());
				}
			}
		}

		@Override
		public void copies(String home, int share) {
			RegionBroker.this.copying.compareAll(home, share);
		}

	}

	private final class Sequences implements SequenceService {

		@Override
		public CompletionStage<Position> next(Topic topic) {
			if (RegionBroker.this.options.isCopy(topic)) {
				return CompletableFuture.failedFuture(PublishException.refused(topic, "only its home, the region \""
						+ RegionBroker.this.options.home().apply(topic) + "\", numbers its messages", null));
			}
			return RegionBroker.this.store.sequence().next(topic);
		}

		@Override
		public CompletionStage<Position> current(Topic topic) {
			return RegionBroker.this.options.isCopy(topic)
					? RegionBroker.this.store.log().peek(List.of(topic)).thenApply((heads) -> heads.get(0))
					: RegionBroker.this.store.sequence().current(topic);
		}

	}

}
