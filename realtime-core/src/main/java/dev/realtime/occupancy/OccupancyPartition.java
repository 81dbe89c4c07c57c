package dev.realtime.occupancy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import dev.realtime.Epochs;
import dev.realtime.Topic;
import dev.realtime.loop.LogThrottle;
import dev.realtime.loop.Loop;
import dev.realtime.occupancy.OccupancyCall.Own;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics of one partition on this node. One call is under way at a time; what changes
 * meanwhile goes with the next one. What a call that failed has told is told again.
 * <p>
 * If another server answers, whose data may lack the last writes, or if the store has
 * another number of topics of this node than this node remembers, because the lease was
 * over, the node takes a new name and stores all topics again. What is stored under the
 * old name ends with its lease. Confined to the loop.
 */
final class OccupancyPartition {

	private static final Logger logger = LoggerFactory.getLogger(OccupancyPartition.class);

	/** Most topics that one call tells about, and most changes that it brings. */
	private static final int AT_ONCE = 200;

	/**
	 * Changes that a call brings although it was not known that there are any. The calls
	 * of all partitions together then leave room for those that tell about a topic.
	 */
	private static final int SPARE = 4;

	/** Most changes that one call renews. */
	private static final int MOST_RENEWED = 1_000;

	private static final Duration PAUSE = Duration.ofSeconds(1);

	private final int number;

	private final Parts parts;

	private final Loop loop;

	private final Rooms rooms;

	private final Silence silence;

	private String name;

	private String epoch = "";

	/** The server that answered last; empty before. */
	private String server = "";

	/** Topics with subscribers on this node. */
	private final Set<Topic> occupied = new HashSet<>();

	/** Those that the store has, as far as it has answered. */
	private final Set<Topic> held = new HashSet<>();

	/** Those that it had in an earlier epoch. */
	private final Set<Topic> known = new HashSet<>();

	/** Topics to tell about. */
	private final Set<Topic> changed = new LinkedHashSet<>();

	/** The latest change of each topic that waits to be published. */
	private final Map<Topic, OccupancyChange> publishing = new HashMap<>();

	/** What was published, to tell. */
	private final Map<Topic, Boolean> published = new LinkedHashMap<>();

	private List<String> dead = List.of();

	private boolean open;

	private boolean calling;

	/** How many topics the call that is under way tells about. */
	private int telling;

	/** Whether a call would find more, when there is room. */
	private boolean more;

	private long renewNanos;

	/** Whether, and until when, a call must wait because the last one failed. */
	private boolean failing;

	private long againNanos;

	OccupancyPartition(int number, Parts parts) {
		this.number = number;
		this.parts = parts;
		this.loop = parts.loop;
		this.rooms = parts.rooms;
		this.silence = new Silence(parts.options.lease(), now());
		this.name = newName();
	}

	/** The first look is at a random time, so that partitions and nodes take turns. */
	void start() {
		this.open = true;
		this.renewNanos = now() + (long) (this.parts.options.refresh().toNanos() * random(0, 1));
		callIfNeeded();
	}

	/** Returns whether that is a change. */
	boolean set(Topic topic, boolean occupied) {
		boolean changes = occupied ? this.occupied.add(topic) : this.occupied.remove(topic);
		if (changes) {
			this.changed.add(topic);
			callIfNeeded();
		}
		return changes;
	}

	void published(OccupancyChange change) {
		this.rooms.giveBack(1);
		if (this.publishing.remove(change.topic(), change)) {
			this.published.put(change.topic(), change.occupied());
			callIfNeeded();
		}
	}

	/** How many topics have a state that is not known to be stored. */
	int waiting() {
		return this.changed.size() + this.telling;
	}

	void tick() {
		if (now() - this.renewNanos >= 0) {
			call(true);
		}
		else {
			callIfNeeded();
		}
	}

	private void callIfNeeded() {
		if (!this.changed.isEmpty() || !this.published.isEmpty() || !this.dead.isEmpty()
				|| (this.more && !this.rooms.isEmpty())) {
			call(false);
		}
	}

	/** Tells what is to tell. */
	private void call(boolean renews) {
		if (!this.open || this.calling || (this.failing && now() - this.againNanos < 0)) {
			return;
		}
		this.calling = true;
		if (renews) {
			this.renewNanos = now() + (long) (this.parts.options.refresh().toNanos() * random(0.7, 1));
		}
		List<Own> own = takeChanged();
		Map<Topic, Boolean> told = first(this.published);
		boolean expects = this.more || !this.dead.isEmpty();
		int room = this.rooms.take(expects ? AT_ONCE : Math.min(AT_ONCE, own.size() + told.size() + SPARE));
		OccupancyCall call = new OccupancyCall(this.name, this.epoch, this.parts.options.lease(), room,
				this.silence.isOver(now()), this.dead, told, publishing(renews), own);
		this.telling = own.size();
		this.dead = List.of();
		this.loop.listen(ask(call), (reply, failure) -> this.loop.execute(() -> ended(call, reply, failure)));
	}

	private CompletionStage<OccupancyReply> ask(OccupancyCall call) {
		try {
			return this.parts.store.call(this.number, call);
		}
		catch (RuntimeException | Error ex) {
			return CompletableFuture.failedStage(ex);
		}
	}

	/**
	 * Each call renews the node's lease, so it renews these, too: otherwise they would
	 * fall due while the node counts as alive, and be published by another one although
	 * this one may have published them. Many are renewed now and then only. Those that
	 * have no room in a call may be published by another node.
	 */
	private List<Topic> publishing(boolean renews) {
		if (!renews && this.publishing.size() > AT_ONCE) {
			return List.of();
		}
		return this.publishing.keySet().stream().limit(MOST_RENEWED).toList();
	}

	private List<Own> takeChanged() {
		List<Own> own = new ArrayList<>();
		Iterator<Topic> topics = this.changed.iterator();
		while (topics.hasNext() && own.size() < AT_ONCE) {
			Topic topic = topics.next();
			topics.remove();
			own.add(new Own(topic, this.occupied.contains(topic), this.known.contains(topic)));
		}
		return own;
	}

	private static Map<Topic, Boolean> first(Map<Topic, Boolean> published) {
		Map<Topic, Boolean> first = new LinkedHashMap<>();
		published.entrySet().stream().limit(AT_ONCE).forEach((each) -> first.put(each.getKey(), each.getValue()));
		return first;
	}

	private void ended(OccupancyCall call, @Nullable OccupancyReply reply, @Nullable Throwable failure) {
		this.calling = false;
		this.telling = 0;
		this.failing = reply == null;
		this.rooms.giveBack(call.room() - ((reply != null) ? reply.changes().size() : 0));
		if (reply == null) {
			failed(call, failure);
			return;
		}
		this.silence.answered(now());
		boolean moved = !this.server.isEmpty() && !this.server.equals(reply.server());
		this.server = reply.server();
		if (reply.accepted()) {
			accepted(call, reply, moved);
		}
		else {
			call.own().forEach((own) -> this.changed.add(own.topic()));
			this.known.addAll(this.held);
			this.epoch = reply.epoch();
			storeAgain();
			call(true);
		}
		callIfNeeded();
	}

	/** The next call tells first what this one may have told. */
	private void failed(OccupancyCall call, @Nullable Throwable failure) {
		List<Topic> later = List.copyOf(this.changed);
		this.changed.clear();
		call.own().forEach((own) -> this.changed.add(own.topic()));
		this.changed.addAll(later);
		this.againNanos = now() + (long) (PAUSE.toNanos() * random(0.5, 1));
		if (!this.held.isEmpty() || !this.publishing.isEmpty()) {
			this.renewNanos = now();
		}
		this.silence.failed();
		long times = this.parts.failures.add();
		if (times > 0) {
			logger.warn("Which topics have subscribers could not be stored: {}. It is kept and stored later "
					+ "({} since this was last logged)", String.valueOf(failure), times);
		}
	}

	private void accepted(OccupancyCall call, OccupancyReply reply, boolean moved) {
		for (Own own : call.own()) {
			boolean unused = own.occupied() ? this.held.add(own.topic()) : this.held.remove(own.topic());
			this.known.remove(own.topic());
		}
		call.published().forEach(this.published::remove);
		this.dead = reply.dead();
		this.more = reply.more();
		for (OccupancyChange change : reply.changes()) {
			this.publishing.put(change.topic(), change);
			this.loop.contain(() -> this.parts.listener.accept(change));
		}
		if (moved || reply.held() != this.held.size()) {
			storeAgain();
		}
	}

	private void storeAgain() {
		this.name = newName();
		this.changed.addAll(this.known);
		this.changed.addAll(this.occupied);
		this.held.clear();
	}

	/** No calls follow. Returns what completes when the store has answered. */
	CompletableFuture<?> leave() {
		this.open = false;
		if (this.held.isEmpty() && this.published.isEmpty() && this.publishing.isEmpty() && !this.calling) {
			return CompletableFuture.completedFuture(null);
		}
		return ask(new OccupancyCall(this.name, this.epoch, this.parts.options.grace(), 0, false, List.of(),
				first(this.published), publishing(true), List.of()))
			.toCompletableFuture();
	}

	private String newName() {
		return this.parts.node + '~' + Epochs.next(this.loop.environment().secureRandom());
	}

	private long now() {
		return this.loop.environment().nanoTime();
	}

	private double random(double least, double most) {
		return this.loop.environment().random().nextDouble(least, most);
	}

	/** What all partitions of a node share. */
	record Parts(OccupancyStore store, String node, OccupancyOptions options, Loop loop, Rooms rooms,
			LogThrottle failures, Consumer<OccupancyChange> listener) {
	}

}
