package dev.realtime.region;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.broker.RegionalBroker;
import dev.realtime.broker.RegionalBroker.Marks;
import dev.realtime.loop.LogThrottle;
import dev.realtime.loop.Loop;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other regions where the topics of this one stand, so that they find what they
 * lack; and that this region is there. For the shares that this node answers for. What
 * was told counts when the bridge has taken it. Confined to the region's loop, apart from
 * {@link #tellAll}.
 */
final class Heads {

	private static final Logger logger = LoggerFactory.getLogger(Heads.class);

	private static final int AT_ONCE = 500;

	private static final Duration BEAT = Duration.ofSeconds(1);

	private final RegionOptions options;

	private final RegionalBroker store;

	private final Bridge bridge;

	private final Loop loop;

	/** By slot: up to where the marks were told. */
	private final Marks.Place[] told;

	private final boolean[] busy;

	/** By slot: all of it is to be told once more. */
	private final boolean[] anew;

	private final LogThrottle failures;

	Heads(RegionOptions options, RegionalBroker store, Bridge bridge, Loop loop) {
		this.options = options;
		this.store = store;
		this.bridge = bridge;
		this.loop = loop;
		this.failures = new LogThrottle(loop.environment());
		this.told = new Marks.Place[store.partitions()];
		this.busy = new boolean[store.partitions()];
		this.anew = new boolean[store.partitions()];
		Arrays.fill(this.told, Marks.Place.FIRST);
	}

	void start() {
		this.loop.every(this.options.compareInterval(), this::look);
		this.loop.every(this.options.compareAllInterval(), () -> Arrays.fill(this.anew, true));
		Duration third = this.options.timeout().dividedBy(4);
		this.loop.every((third.compareTo(BEAT) < 0) ? third : BEAT, this::beat);
	}

	/** Another region wants to know all heads of a share. Any thread. */
	void tellAll(int share) {
		this.loop.execute(() -> {
			int shares = this.bridge.shares();
			for (int slot = share; shares > 0 && slot < this.anew.length; slot += shares) {
				this.anew[slot] = true;
			}
		});
	}

	private void beat() {
		if (this.bridge.answering().isEmpty()) {
			return;
		}
		byte[] beat = Letters.write(new Letter.Beat(this.options.own()));
		for (String each : this.options.others()) {
			CompletionStage<Void> unused = this.bridge.answer(each, beat);
		}
	}

	private void look() {
		int shares = this.bridge.shares();
		Set<Integer> mine = this.bridge.answering();
		for (int slot = 0; slot < this.told.length; slot++) {
			if (shares == 0 || !mine.contains(slot % shares)) {
				this.told[slot] = Marks.Place.FIRST;
			}
			else if (!this.busy[slot]) {
				int each = slot;
				boolean unused = this.loop.contain(() -> look(each));
			}
		}
	}

	private void look(int slot) {
		if (this.anew[slot]) {
			this.anew[slot] = false;
			this.told[slot] = Marks.Place.FIRST;
		}
		this.busy[slot] = true;
		CompletionStage<Marks> looked;
		try {
			looked = this.store.marks(slot, this.told[slot], AT_ONCE)
				.thenCompose((marks) -> tell(slot, marks.topics()).thenApply((done) -> marks));
		}
		catch (Throwable ex) {
			this.busy[slot] = false;
			throw ex;
		}
		var unused = looked.whenComplete((marks, failure) -> this.loop.execute(() -> told(slot, marks, failure)));
	}

	private void told(int slot, @Nullable Marks marks, @Nullable Throwable failure) {
		this.busy[slot] = false;
		if (marks == null) {
			if (this.failures.add() > 0) {
				logger.info("The heads of all topics could not be sent to the other regions yet: {}",
						String.valueOf(failure));
			}
			return;
		}
		this.told[slot] = marks.through();
		if (marks.hasMore()) {
			look(slot);
		}
	}

	private CompletionStage<Void> tell(int slot, List<Topic> marked) {
		List<Topic> topics = marked.stream().filter(this.options::isHome).toList();
		if (topics.isEmpty()) {
			return CompletableFuture.completedFuture(null);
		}
		return this.store.log().peek(topics).thenCompose((positions) -> {
			List<Topic> there = new ArrayList<>();
			List<Position> heads = new ArrayList<>();
			for (int i = 0; i < topics.size(); i++) {
				if (positions.get(i).seq() > 0) {
					there.add(topics.get(i));
					heads.add(positions.get(i));
				}
				else {
					CompletionStage<Void> unused = this.store.forget(topics.get(i));
				}
			}
			return there.isEmpty() ? CompletableFuture.<Void>completedFuture(null)
					: this.bridge.tell(slot, Letters.write(new Letter.Heads(there, heads)));
		});
	}

}
