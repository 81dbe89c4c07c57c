package dev.realtime.simulation;

import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.connection.SubscribeException;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.loop.Loop;
import org.jspecify.annotations.Nullable;

/**
 * A client as the protocol wants it: remembers positions, comes back to any node when its
 * connection ends, and recovers. Runs on the clients' loop.
 */
final class SimulatedClient {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	final String name;

	private final Fleet fleet;

	private final Loop loop;

	private final Set<Topic> wanted = new LinkedHashSet<>();

	private final Map<Topic, Track> tracks = new LinkedHashMap<>();

	private @Nullable Session session;

	private int sessions;

	private boolean waits;

	/** Whether it reads nothing, on this and on later connections. */
	private boolean stuck;

	SimulatedClient(String name, Fleet fleet, Loop loop) {
		this.name = name;
		this.fleet = fleet;
		this.loop = loop;
	}

	void subscribe(Topic topic) {
		if (this.wanted.add(topic) && this.session != null) {
			this.session.subscribe(topic);
		}
	}

	void unsubscribe(Topic topic) {
		if (this.wanted.remove(topic) && this.session != null) {
			this.session.unsubscribe(topic);
		}
	}

	/** Has a second subscription for a time, of which it reads nothing. */
	void subscribeTwice(Topic topic, Duration time) {
		Session mine = this.session;
		if (mine != null) {
			String id = mine.subscribeAgain(topic);
			this.loop.after(time, () -> mine.cancel(id));
		}
	}

	void connectLater() {
		if (!this.waits) {
			this.waits = true;
			this.loop.after(Duration.ofMillis(20 + this.loop.environment().random().nextInt(400)), this::connect);
		}
	}

	/** Its network goes away. */
	void disconnect(String why) {
		Session old = this.session;
		if (old != null) {
			this.fleet.ledger.note(this.name + " disconnected from " + old.node.name + ": " + why);
			this.session = null;
			old.socket.breakOff();
			this.tracks.values().forEach((each) -> each.live = false);
			connectLater();
		}
	}

	void stopReading() {
		this.stuck = true;
		if (this.session != null) {
			this.session.socket.stopReading();
		}
	}

	void readAgain() {
		this.stuck = false;
		if (this.session != null) {
			this.session.socket.readAgain();
		}
	}

	void failNextWrite(@Nullable Throwable failure) {
		if (this.session != null) {
			this.session.writeFailed = true;
			this.session.socket.failNextWrite(failure);
		}
	}

	boolean isOn(SimulatedNode node) {
		return this.session != null && this.session.node == node;
	}

	/** Whether it is a member of the topic, as far as it knows. */
	boolean isLiveOn(Topic topic) {
		Track track = this.tracks.get(topic);
		return this.wanted.contains(topic) && track != null && track.live;
	}

	/** Whether it has everything that it wants, up to the log's head. */
	boolean isUpToDate() {
		return this.wanted.stream().allMatch((topic) -> {
			Track track = this.tracks.get(topic);
			return track != null && track.live && track.isAt(this.fleet.head(topic));
		});
	}

	Map<Topic, Track> tracks() {
		return this.tracks;
	}

	@Override
	public String toString() {
		return this.name + " wants " + this.wanted + ", has " + this.tracks.values()
				+ ((this.session != null) ? " on " + this.session.node.name : " not connected");
	}

	private void connect() {
		this.waits = false;
		SimulatedNode node = this.fleet.anyOpenNode();
		if (this.session != null) {
			return;
		}
		if (node == null) {
			connectLater();
			return;
		}
		this.sessions++;
		Session mine = new Session(node, this.name + "-" + this.sessions);
		this.session = mine;
		this.fleet.ledger.note(this.name + " connects to " + node.name);
		mine.open();
		this.loop.after(PATIENCE, () -> {
			if (this.session == mine && !mine.isAnswered()) {
				disconnect("no answer");
			}
		});
	}

	/** One connection. */
	private final class Session implements SimulatedSocket.Receiver {

		private final SimulatedNode node;

		private final String id;

		private final SimulatedSocket socket;

		/** By subscription id. */
		private final Map<String, Track> subscriptions = new LinkedHashMap<>();

		private int ids;

		private @Nullable Connection connection;

		/** Whether a write of this one was made to fail. */
		private boolean writeFailed;

		Session(SimulatedNode node, String id) {
			this.node = node;
			this.id = id;
			Wire toClient = new Wire(SimulatedClient.this.fleet.network, SimulatedClient.this.loop);
			this.socket = new SimulatedSocket(toClient, node.door, this);
			if (SimulatedClient.this.stuck) {
				this.socket.stopReading();
			}
		}

		void open() {
			this.node.door.execute(() -> {
				Connection opened = this.node.node.hub().connect(this.id, this.socket);
				opened.introduce(SimulatedClient.this.name, true, Duration.ZERO, Duration.ZERO);
				this.connection = opened;
				this.socket.belongsTo(opened);
			});
			Set.copyOf(SimulatedClient.this.wanted)
				.stream()
				.sorted(Comparator.comparing(Topic::name))
				.toList()
				.forEach(this::subscribe);
		}

		boolean isAnswered() {
			return this.connection != null && this.subscriptions.values().stream().allMatch((each) -> each.live);
		}

		void subscribe(Topic topic) {
			Track track = SimulatedClient.this.tracks.computeIfAbsent(topic,
					(key) -> new Track(SimulatedClient.this.name, topic, SimulatedClient.this.fleet.ledger,
							SimulatedClient.this.fleet.store));
			Position resume = track.subscribe();
			String subscription = "s" + this.ids++;
			this.subscriptions.put(subscription, track);
			SimulatedClient.this.fleet.ledger
				.note(SimulatedClient.this.name + " subscribes to " + topic + " from " + resume);
			this.node.door.execute(() -> {
				Connection opened = this.connection;
				try {
					if (opened != null) {
						opened.subscribe(new SubscribeRequest(subscription, topic, resume, 0, subscription));
					}
				}
				catch (SubscribeException ex) {
					SimulatedClient.this.loop.execute(() -> refused(ex));
				}
			});
			SimulatedClient.this.loop.after(PATIENCE, () -> {
				if (SimulatedClient.this.session == this && this.subscriptions.get(subscription) == track
						&& !track.live) {
					disconnect("no answer to " + subscription);
				}
			});
		}

		/** Not one of those that are followed. */
		String subscribeAgain(Topic topic) {
			String subscription = "again" + this.ids++;
			this.node.door.execute(() -> {
				if (this.connection != null) {
					this.connection.subscribe(new SubscribeRequest(subscription, topic, null, 0, null));
				}
			});
			return subscription;
		}

		void cancel(String subscription) {
			this.node.door.execute(() -> {
				if (this.connection != null) {
					boolean unused = this.connection.unsubscribe(subscription);
				}
			});
		}

		void unsubscribe(Topic topic) {
			for (Map.Entry<String, Track> each : new LinkedHashMap<>(this.subscriptions).entrySet()) {
				if (each.getValue().topic.equals(topic)) {
					this.subscriptions.remove(each.getKey());
					each.getValue().live = false;
					SimulatedClient.this.fleet.ledger.note(SimulatedClient.this.name + " unsubscribes from " + topic);
					cancel(each.getKey());
				}
			}
		}

		private void refused(SubscribeException ex) {
			if (SimulatedClient.this.session == this) {
				disconnect("refused: " + ex.getMessage());
			}
		}

		@Override
		public void onFrame(String text) {
			if (SimulatedClient.this.session == this) {
				handle(StompText.parse(text));
			}
		}

		@Override
		public void onClosed(CloseReason reason) {
			if (SimulatedClient.this.session == this) {
				SimulatedClient.this.fleet.ledger.check(!reason.equals(CloseReason.FAILED) || this.writeFailed, 9,
						this.id + " was closed for a failure of another");
				disconnect("closed by the node: " + reason);
			}
		}

		@Override
		public void onOverlappingWrite() {
			SimulatedClient.this.fleet.ledger.violated(8, this.id + " gets a second write before the first is done");
		}

		private void handle(StompText frame) {
			Fleet fleet = SimulatedClient.this.fleet;
			Map<String, String> headers = frame.headers();
			String subscription = frame.subscription();
			Track track = this.subscriptions.get(subscription);
			if (track == null) {
				return;
			}
			fleet.ledger.note(SimulatedClient.this.name + " got " + frame.summary(track.topic));
			switch (frame.kind()) {
				case RECEIPT -> track.onReceipt(headers, fleet.head(track.topic), SimulatedNode.OPTIONS.maxReplay());
				case MESSAGE -> track.onMessage(headers, frame.body());
				case GAP -> track.onGap(headers, fleet.failsOnPurpose());
				case OTHER -> {
				}
			}
		}

	}

}
