package dev.realtime.region;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicies;
import dev.realtime.broker.Copied;
import dev.realtime.broker.NumberedRun;
import dev.realtime.broker.RegionalBroker;
import dev.realtime.loop.LogThrottle;
import dev.realtime.loop.Loop;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the copies of other regions' topics: stores what their homes tell, and asks for
 * what is missing. The store decides what follows; here is only known which topics are
 * behind, and what is forgotten is found when heads are compared. Confined to the
 * region's loop, apart from {@link #told} and the counts.
 */
final class Copying implements HomeLetters.Copies {

	/** How often a store may refuse a topic before the others go on without it. */
	private static final int MOST_REFUSED = 3;

	private static final Duration TICK = Duration.ofMillis(100);

	private static final Duration AGAIN = Duration.ofSeconds(1);

	private static final Logger logger = LoggerFactory.getLogger(Copying.class);

	private final RegionOptions options;

	private final RegionalBroker store;

	private final TopicPolicies policies;

	private final Bridge bridge;

	private final Loop loop;

	/**
	 * Homes that are lost are not asked: what waits for them would be answered at once.
	 */
	private final Predicate<String> isLost;

	private final HomeLetters letters;

	private final LaggingCopies behind = new LaggingCopies();

	/** Homes and shares whose heads are wanted and were not asked for yet. */
	private final Set<String> comparing = ConcurrentHashMap.newKeySet();

	/** How often in a row the store has refused a topic. */
	private final Map<Topic, Integer> refused = new HashMap<>();

	private final LongAdder copied = new LongAdder();

	private final LongAdder asked = new LongAdder();

	private final LogThrottle unstored;

	Copying(RegionOptions options, RegionalBroker store, TopicPolicies policies, Bridge bridge, Loop loop,
			Predicate<String> isLost) {
		this.options = options;
		this.store = store;
		this.policies = policies;
		this.bridge = bridge;
		this.loop = loop;
		this.letters = new HomeLetters(options.home(), this, loop.environment());
		this.unstored = new LogThrottle(loop.environment());
		this.isLost = isLost;
	}

	void start() {
		this.loop.every(TICK, this::tick);
	}

	/** Topics whose copies are known to be behind. */
	int behind() {
		return this.behind.count();
	}

	/** Messages that are held behind holes. */
	int held() {
		return this.behind.held();
	}

	/** Messages stored. */
	long copied() {
		return this.copied.sum();
	}

	/** Pages asked for. */
	long asked() {
		return this.asked.sum();
	}

	/**
	 * Wants the heads of a share, whose letters this node has not seen; until the bridge
	 * takes it. Any thread.
	 */
	void compareAll(String home, int share) {
		if (!this.comparing.add(home + '/' + share)) {
			return;
		}
		var unused = this.bridge.ask(home, share, Letters.write(new Letter.HeadsWanted()))
			.whenComplete((sent, failure) -> {
				if (failure == null) {
					this.comparing.remove(home + '/' + share);
				}
				else {
					this.loop.after(AGAIN, () -> {
						this.comparing.remove(home + '/' + share);
						if (this.bridge.copying(home).contains(share)) {
							compareAll(home, share);
						}
					});
				}
			});
	}

	/** Any thread; fails when the store does, and the letters come again. */
	CompletionStage<Void> told(String home, List<byte[]> letters) {
		CompletableFuture<Void> done = new CompletableFuture<>();
		if (!this.loop.tryExecute(() -> {
			try {
				var unused = this.letters.read(home, letters).whenComplete((all, failure) -> {
					if (failure != null) {
						done.completeExceptionally(failure);
					}
					else {
						done.complete(null);
					}
				});
			}
			catch (Throwable ex) {
				done.completeExceptionally(ex);
				throw ex;
			}
		})) {
			done.completeExceptionally(new IllegalStateException("This node is closing"));
		}
		return done;
	}

	@Override
	public CompletableFuture<Void> copy(String home, Topic topic, NumberedRun run, @Nullable Position homeHead) {
		CompletableFuture<Void> done = new CompletableFuture<>();
		CompletionStage<Copied> copying;
		try {
			copying = this.store.copy(topic, run, this.policies.of(topic));
		}
		catch (Throwable ex) {
			copying = CompletableFuture.failedFuture(ex);
		}
		var unused = copying.whenComplete((copied, failure) -> {
			if (!this.loop.tryExecute(() -> {
				try {
					if (copied != null) {
						copied(home, topic, run, copied, homeHead);
					}
					else if (!isLeftBehind(home, topic, run, failure)) {
						done.completeExceptionally((failure != null) ? failure : new IllegalStateException());
					}
				}
				finally {
					done.complete(null);
				}
			})) {
				done.completeExceptionally(new IllegalStateException("This node is closing"));
			}
		});
		return done;
	}

	/**
	 * Whether a topic that the store refuses, while it is there, is left to the pages so
	 * that its letters do not keep those of all others waiting.
	 */
	private boolean isLeftBehind(String home, Topic topic, NumberedRun run, @Nullable Throwable failure) {
		if (!this.store.isConnected() || !this.store.isUsable()) {
			return false;
		}
		if (this.refused.size() >= LaggingCopies.MOST) {
			this.refused.clear();
		}
		if (this.refused.merge(topic, 1, Integer::sum) <= MOST_REFUSED) {
			return false;
		}
		if (this.unstored.add() > 0) {
			logger.warn("Messages of the region \"{}\" on \"{}\" cannot be stored; other topics are not affected: {}",
					home, topic, String.valueOf(failure));
		}
		TopicCopy copy = this.behind.note(home, topic, new Position(run.epoch(), 0), now());
		if (copy != null) {
			this.behind.answered(copy);
			copy.target = new Position(run.epoch(), run.through());
		}
		return true;
	}

	private void copied(String home, Topic topic, NumberedRun run, Copied copied, @Nullable Position homeHead) {
		this.refused.remove(topic);
		this.copied.add(copied.stored());
		TopicCopy copy = this.behind.get(topic);
		boolean isBehind = !copied.follows() || (homeHead != null && !has(copied.head(), homeHead));
		if (copy == null && isBehind) {
			copy = this.behind.note(home, topic, copied.head(), now());
		}
		if (copy == null) {
			return;
		}
		copy.progressed(copied.head());
		if (homeHead != null) {
			this.behind.answered(copy);
			copy.target = homeHead;
		}
		if (!copied.follows()) {
			this.behind.hold(copy, run.messages());
			return;
		}
		List<TopicMessage> next = this.behind.follows(copy);
		if (!next.isEmpty()) {
			again(home, topic, NumberedRun.of(next));
		}
		else if (copy.isComplete()) {
			this.behind.drop(copy);
		}
		else if (homeHead != null) {
			// A page came, and the home has more.
			copy.dueNanos = now();
			ask(copy);
		}
	}

	/** What was held; should it fail it is missing, and asked for. */
	private void again(String home, Topic topic, NumberedRun run) {
		var unused = copy(home, topic, run, null).whenComplete((done, failure) -> {
			if (failure != null) {
				logger.debug("Held messages could not be stored; they are requested again", failure);
			}
		});
	}

	private static boolean has(Position head, Position wanted) {
		return head.sameEpoch(wanted) && head.seq() >= wanted.seq();
	}

	@Override
	public CompletableFuture<Void> compare(String home, Letter.Heads heads) {
		CompletableFuture<Void> compared = new CompletableFuture<>();
		this.store.log().peek(heads.topics()).whenComplete((copies, failure) -> {
			if (copies == null) {
				compared.completeExceptionally((failure != null) ? failure : new IllegalStateException());
			}
			else if (!this.loop.tryExecute(() -> {
				try {
					compared(home, heads, copies);
				}
				finally {
					compared.complete(null);
				}
			})) {
				compared.complete(null);
			}
		});
		return compared;
	}

	private void compared(String home, Letter.Heads heads, List<Position> copies) {
		for (int i = 0; i < copies.size(); i++) {
			Topic topic = heads.topics().get(i);
			Position target = heads.positions().get(i);
			if (has(copies.get(i), target)) {
				continue;
			}
			TopicCopy copy = this.behind.note(home, topic, copies.get(i), now());
			if (copy != null) {
				copy.target = target;
			}
		}
	}

	private void tick() {
		this.behind.due(now()).forEach(this::ask);
		if (this.behind.hasRoomAgain()) {
			for (String home : this.options.others()) {
				this.bridge.copying(home).forEach((share) -> compareAll(home, share));
			}
		}
	}

	private long now() {
		return this.loop.environment().nanoTime();
	}

	private void ask(TopicCopy copy) {
		if (this.isLost.test(copy.home)) {
			return;
		}
		if (copy.isGivenUp()) {
			this.behind.drop(copy);
			return;
		}
		if (!this.behind.ask(copy, now())) {
			return;
		}
		this.asked.increment();
		CompletionStage<Void> unused = this.bridge.ask(copy.home, this.store.partition(copy.topic),
				Letters.write(new Letter.PageWanted(copy.topic, copy.head)));
	}

}
