package dev.realtime.simulation;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.Content;
import dev.realtime.Overflow;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceEvent;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.presence.PresenceTopics;
import dev.realtime.testing.VirtualEnvironment;
import org.jspecify.annotations.Nullable;

/** Nodes, clients, publishers, store and relay of one run. */
final class Fleet {

	/** How many messages of each topic are kept. */
	static final int HISTORY = 20;

	private static final PresenceOptions PRESENCE = new PresenceOptions(Duration.ofMillis(200), Duration.ofMillis(500),
			Duration.ofMillis(1_500));

	private static final int MOST_ATTEMPTS = 4;

	private static final Map<String, String> PADDING = Map.of("padding", "x".repeat(4_000));

	/** Tasks of a run: what goes on beyond them would go on for ever. */
	private static final long MOST_STEPS = 2_000_000;

	final VirtualEnvironment environment;

	final Ledger ledger;

	final Network network;

	final SimulatedStore store;

	final List<Topic> topics = new ArrayList<>();

	final List<SimulatedClient> clients = new ArrayList<>();

	/** Null while a node is down. */
	final List<@Nullable SimulatedNode> nodes = new ArrayList<>();

	final Loop clientLoop;

	private final SimulatedRelay relay;

	private final PresenceServer members;

	private final boolean confirming;

	private final boolean patient;

	private final boolean large;

	private int lives;

	private int texts;

	private int pending;

	private boolean failed;

	Fleet(Plan plan) {
		this.environment = new VirtualEnvironment(plan.seed(), MOST_STEPS);
		Loops loops = new Loops(this.environment, Loops.STALLED_AFTER);
		this.ledger = new Ledger(this.environment::nanoTime, HISTORY);
		this.network = this::delay;
		this.store = new SimulatedStore(loops, this.network, this.ledger::stored);
		this.relay = new SimulatedRelay(loops, this.network);
		this.members = new PresenceServer(loops, PRESENCE, this::onEvent);
		this.clientLoop = loops.loop("clients");
		this.confirming = plan.seed() % 2 == 0;
		this.patient = plan.seed() % 4 >= 2;
		this.large = plan.seed() % 3 == 0;
		for (int i = 0; i < plan.topics(); i++) {
			this.topics.add(Topic.of("room." + i));
		}
		for (int i = 0; i < plan.nodes(); i++) {
			this.nodes.add(null);
			start(i);
		}
		for (int i = 0; i < plan.clients(); i++) {
			SimulatedClient client = new SimulatedClient("c" + i, this, this.clientLoop);
			this.clients.add(client);
			client.subscribe(this.topics.get(i % this.topics.size()));
			client.connectLater();
		}
		this.clients.get(0).subscribe(PresenceTopics.of(this.topics.get(0)));
	}

	/** Starts the node at the index, unless it runs. */
	void start(int index) {
		if (this.nodes.get(index) == null) {
			String name = "n" + index + '.' + this.lives++;
			this.ledger.note(name + " starts");
			this.nodes.set(index, new SimulatedNode(this.environment, name, this.store, this.relay, this.members,
					this.confirming, this.patient, this::policy));
		}
	}

	/** A node ends: its clients notice. */
	void down(int index) {
		SimulatedNode node = this.nodes.set(index, null);
		if (node != null) {
			this.clients.stream().filter((each) -> each.isOn(node)).forEach((each) -> each.disconnect("node is gone"));
		}
	}

	@Nullable SimulatedNode anyOpenNode() {
		List<SimulatedNode> open = openNodes();
		return open.isEmpty() ? null : open.get(this.environment.random().nextInt(open.size()));
	}

	List<SimulatedNode> openNodes() {
		List<SimulatedNode> open = new ArrayList<>();
		for (SimulatedNode node : this.nodes) {
			if (node != null && node.isOpen()) {
				open.add(node);
			}
		}
		return open;
	}

	/** Where the topic's log ends; asking begins no numbering. */
	Position head(Topic topic) {
		return Ledger.now(this.store.memory().log().peek(List.of(topic))).get(0);
	}

	/** Whether encoding failed on purpose. */
	boolean failsOnPurpose() {
		return this.failed;
	}

	void failsOnPurpose(boolean failed) {
		this.failed |= failed;
	}

	/** Publishes, and again with the same id while the outcome is not known. */
	void publish(SimulatedNode node, Topic topic) {
		this.pending++;
		attempt(node, topic, "p" + this.texts++, 1);
	}

	/** Publishers that do not know yet what became of their message. */
	int pending() {
		return this.pending;
	}

	private void attempt(@Nullable SimulatedNode node, Topic topic, String id, int number) {
		if (node == null) {
			this.pending--;
			return;
		}
		String text = id + '/' + number;
		Publication publication = Publication.to(topic).content(content(text)).id(id).build();
		boolean[] over = { false };
		this.ledger.note("publish " + text + " on " + topic + " through " + node.name);
		node.door.execute(() -> published(node, publication).whenComplete((receipt, failure) -> {
			if (over[0]) {
				this.ledger.violated(9, text + " was answered twice");
			}
			over[0] = true;
			if (receipt != null) {
				this.pending--;
				this.ledger.acknowledged(this.store.memory(), text, receipt);
			}
			else {
				boolean unknown = !(failure instanceof PublishException ex) || ex.isOutcomeUnknown();
				if (unknown) {
					this.ledger.note("unknown outcome of " + text);
				}
				else {
					this.ledger.refused(text, "not connected");
				}
				again(topic, id, number);
			}
		}));
		this.clientLoop.after(Duration.ofSeconds(20), () -> {
			if (!over[0]) {
				over[0] = true;
				this.ledger.check(node.process.isDead() || node.isClosed(), 2, "no answer to " + text);
				again(topic, id, number);
			}
		});
	}

	/** In some runs many messages are so large that few of them fill a queue. */
	private Content content(String text) {
		return (this.large && text.charAt(text.indexOf('/') - 1) % 4 == 0)
				? Content.of(text.getBytes(StandardCharsets.UTF_8), Content.TEXT, null, PADDING) : Content.text(text);
	}

	/** What the call throws is an answer as well. */
	private static CompletionStage<PublishReceipt> published(SimulatedNode node, Publication publication) {
		try {
			return node.node.publish(publication);
		}
		catch (RuntimeException | Error ex) {
			return CompletableFuture.failedFuture(PublishException.refused(publication.topic(), "it threw", ex));
		}
	}

	private void again(Topic topic, String id, int number) {
		if (number == MOST_ATTEMPTS) {
			this.pending--;
			return;
		}
		this.clientLoop.after(Duration.ofMillis(200), () -> attempt(anyOpenNode(), topic, id, number + 1));
	}

	/** The members of the topic, in their order. */
	List<Presence.Member> members(Topic topic) {
		return Ledger.now(this.members.members().members(topic, 1_000));
	}

	/** The server of the members publishes at once, as the one in Redis does. */
	private CompletionStage<?> onEvent(Topic topic, PresenceEvent event) {
		Publication publication = Publication.to(PresenceTopics.of(topic)).content(event.content()).build();
		return this.store.publish(publication, policy(publication.topic()))
			.whenComplete((receipt, failure) -> this.relay.announce(new TopicMessage(receipt.topic(),
					receipt.position(), receipt.timestamp(), null, publication.content(), null, 0)));
	}

	private TopicPolicy policy(Topic topic) {
		TopicPolicy kept = TopicPolicy.builder().history(HISTORY, Duration.ofHours(1)).presence(true).build();
		return topic.name().endsWith("1") ? kept.toBuilder().queue(6, 1 << 20, Overflow.DROP_OLDEST).build() : kept;
	}

	/** Mostly quick, now and then slow. */
	private Duration delay() {
		int slow = this.environment.random().nextInt(40);
		int micros = 100 + this.environment.random().nextInt((slow == 0) ? 200_000 : 3_000);
		return Duration.ofNanos(micros * 1_000L);
	}

}
