package dev.realtime.simulation;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.codec.MessageCodec;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.relay.Incoming;
import dev.realtime.relay.RelaySession;
import dev.realtime.relay.RelayUnavailableException;
import dev.realtime.relay.Subscription;

/**
 * A model of a messaging server such as NATS: at most once, in order for each publisher
 * and receiver, in any order otherwise. The real {@code SessionRelay} keeps the sessions.
 */
final class SimulatedRelay {

	private final Loop loop;

	private final Network network;

	private final List<Session> sessions = new CopyOnWriteArrayList<>();

	SimulatedRelay(Loops loops, Network network) {
		this.loop = loops.loop("relay");
		this.network = network;
	}

	/** Makes the line between a node and the server. */
	Line line(Loops loops) {
		return new Line(loops);
	}

	/** Announces for another server, such as the store's. */
	void announce(TopicMessage message) {
		this.loop.execute(() -> route(message.topic(), MessageCodec.announcement(message)));
	}

	private void route(Topic topic, byte[] bytes) {
		for (Session session : this.sessions) {
			if (session.wants(topic)) {
				session.line.carry(session, topic, bytes);
			}
		}
	}

	/** What happens between one node and the server. */
	final class Line {

		private final Loop io;

		/** No session can be opened, and none goes on. */
		private volatile boolean cut;

		/** Nothing arrives in either direction, and neither side learns of it. */
		private volatile boolean mute;

		/** How many of 100 messages are lost, and repeated. */
		private volatile int lossy;

		private Line(Loops loops) {
			this.io = loops.loop("relay-io");
		}

		/**
		 * Opens sessions.
		 * @param confirming whether the server confirms each message
		 */
		RelaySession.Opener opener(boolean confirming) {
			return (incoming, events) -> {
				if (this.cut || this.mute) {
					throw new RelayUnavailableException("The relay is away", null);
				}
				Session session = new Session(this, incoming, events, confirming);
				SimulatedRelay.this.sessions.add(session);
				return session;
			};
		}

		void cut() {
			this.cut = true;
			mySessions().forEach(Session::lose);
		}

		void mute() {
			this.mute = true;
		}

		void lossy(int percent) {
			this.lossy = percent;
		}

		/** The server drops what it has for the node, and says so. */
		void drop() {
			mySessions().forEach(Session::drop);
		}

		void heal() {
			this.cut = false;
			this.mute = false;
			this.lossy = 0;
		}

		/** The node is dead: its sessions end, and it learns nothing of it. */
		void forget() {
			mySessions().forEach((each) -> each.open = false);
			SimulatedRelay.this.sessions.removeAll(mySessions());
		}

		private List<Session> mySessions() {
			return SimulatedRelay.this.sessions.stream().filter((each) -> each.line == this).toList();
		}

		private boolean isUnlucky() {
			return this.lossy > 0 && this.io.environment().random().nextInt(100) < this.lossy;
		}

		private void carry(Session session, Topic topic, byte[] bytes) {
			if (!this.mute && !isUnlucky()) {
				session.bring(topic, bytes);
				if (isUnlucky()) {
					session.bring(topic, bytes);
				}
			}
		}

	}

	private final class Session implements RelaySession {

		private final Line line;

		private final Incoming incoming;

		private final Events events;

		private final boolean confirming;

		private final Wire up;

		private final Wire down;

		private final Set<Subscription> sent = new LinkedHashSet<>();

		private final Set<Subscription> inForce = ConcurrentHashMap.newKeySet();

		private final Map<Long, CompletableFuture<Void>> unconfirmed = Collections
			.synchronizedMap(new LinkedHashMap<>());

		private final AtomicLong published = new AtomicLong();

		/** Rises when what is on its way to the node is dropped. */
		private final AtomicInteger dropped = new AtomicInteger();

		private volatile boolean open = true;

		Session(Line line, Incoming incoming, Events events, boolean confirming) {
			this.line = line;
			this.incoming = incoming;
			this.events = events;
			this.confirming = confirming;
			this.up = new Wire(SimulatedRelay.this.network, SimulatedRelay.this.loop);
			this.down = new Wire(SimulatedRelay.this.network, line.io);
		}

		@Override
		public void subscribe(Subscription subscription) {
			check();
			this.sent.add(subscription);
		}

		@Override
		public void unsubscribe(Subscription subscription) {
			check();
			this.sent.remove(subscription);
			this.inForce.remove(subscription);
		}

		@Override
		public void confirm(Duration timeout) throws TimeoutException {
			check();
			if (this.line.mute) {
				throw new TimeoutException("No answer within " + timeout);
			}
			this.inForce.addAll(this.sent);
			this.sent.clear();
		}

		@Override
		public CompletionStage<Void> publish(Topic topic, byte[] bytes) {
			if (!isOpen()) {
				return CompletableFuture.failedFuture(new RelayUnavailableException("The session is closed", null));
			}
			CompletableFuture<Void> confirmed = new CompletableFuture<>();
			long number = this.published.incrementAndGet();
			this.unconfirmed.put(number, confirmed);
			this.up.send(() -> {
				if (isOpen() && !this.line.mute) {
					route(topic, bytes);
					this.down.send(() -> {
						this.unconfirmed.remove(number);
						confirmed.complete(null);
					});
				}
			});
			return this.confirming ? confirmed : CompletableFuture.completedFuture(null);
		}

		@Override
		public boolean confirmsEachPublish() {
			return this.confirming;
		}

		@Override
		public boolean isOpen() {
			return this.open;
		}

		@Override
		public void close() {
			this.open = false;
			SimulatedRelay.this.sessions.remove(this);
			List.copyOf(this.unconfirmed.values())
				.forEach((each) -> each
					.completeExceptionally(new RelayUnavailableException("The session was closed", null)));
			this.unconfirmed.clear();
		}

		private void check() {
			if (!this.open) {
				throw new RelayUnavailableException("The session is closed", null);
			}
		}

		private boolean wants(Topic topic) {
			return this.open && (this.inForce.contains(Subscription.of(topic)) || this.inForce.stream()
				.anyMatch((each) -> each.kind() == Subscription.Kind.PATTERN && each.pattern().matches(topic)));
		}

		private void bring(Topic topic, byte[] bytes) {
			int before = this.dropped.get();
			this.down.send(() -> {
				if (this.open && this.dropped.get() == before) {
					this.incoming.once(topic, bytes);
				}
			});
		}

		private void drop() {
			this.dropped.incrementAndGet();
			this.line.io.execute(this.events::onDropped);
		}

		private void lose() {
			this.open = false;
			SimulatedRelay.this.sessions.remove(this);
			this.line.io.execute(() -> {
				close();
				this.events.onLost();
			});
		}

	}

}
