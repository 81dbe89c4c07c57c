package dev.realtime.spring.sessions;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.realtime.loop.Loop;
import dev.realtime.restriction.RestrictionList;
import dev.realtime.restriction.RestrictionStore;
import dev.realtime.restriction.Revision;
import dev.realtime.restriction.StoredRestriction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's copy of the list of restrictions, and the revision that it has. A change
 * that does not follow that revision has the whole list read. If the store has another
 * epoch, it may have lost changes and gets back what this node knows.
 * <p>
 * Confined to one loop, apart from {@link #awaitFirstRead}, {@link #isStale} and
 * {@link #readSoon}.
 */
final class RestrictionReplica {

	private static final Logger logger = LoggerFactory.getLogger(RestrictionReplica.class);

	private static final Duration SOON = Duration.ofMillis(100);

	private final RestrictionStore store;

	private final KnownRestrictions known;

	private final Enforcement enforcement;

	private final Loop loop;

	private final AtomicBoolean readingSoon = new AtomicBoolean();

	private final CompletableFuture<Void> firstRead = new CompletableFuture<>();

	/** When the list was asked for that is known; the first time is in firstRead. */
	private volatile long readNanos;

	private Revision revision = Revision.NONE;

	private boolean reading;

	private boolean readAgain;

	RestrictionReplica(RestrictionStore store, KnownRestrictions known, Enforcement enforcement, Loop loop) {
		this.store = store;
		this.known = known;
		this.enforcement = enforcement;
		this.loop = loop;
	}

	/** Waits until the list was read for the first time. Any thread but the loop's. */
	void awaitFirstRead(Duration most) {
		try {
			this.firstRead.get(most.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.error("The list of blocked users could not be read; all users with a name are refused until "
					+ "it can be read", ex);
		}
	}

	/** Whether the list was not read for so long. Any thread. */
	boolean isStale(long staleNanos) {
		return !this.firstRead.isDone() || this.loop.environment().nanoTime() - this.readNanos > staleNanos;
	}

	/** What is new applies at once, also when something before it was missed. */
	void changed(Revision to, StoredRestriction entry) {
		if (isNews(to) && this.known.put(entry)) {
			this.enforcement.begin(entry, false);
		}
	}

	/** When something was missed, the list says what is to be removed. */
	void removed(Revision to, String key) {
		boolean next = to.equals(new Revision(this.revision.epoch(), this.revision.number() + 1));
		if (isNews(to) && next) {
			this.known.remove(key);
		}
	}

	private boolean isNews(Revision to) {
		boolean same = to.epoch().equals(this.revision.epoch());
		if (same && to.number() <= this.revision.number()) {
			return false;
		}
		if (same && to.number() == this.revision.number() + 1) {
			this.revision = to;
		}
		else {
			readSoon();
		}
		return true;
	}

	/** Reads the list in a moment; calls until then are one. Any thread. */
	void readSoon() {
		if (this.readingSoon.compareAndSet(false, true)) {
			this.loop.after(SOON, () -> {
				this.readingSoon.set(false);
				read();
			});
		}
	}

	/** Forgets what has expired and reads what has changed; one reading at a time. */
	void read() {
		this.known.expire();
		if (this.reading) {
			this.readAgain = true;
			return;
		}
		this.reading = true;
		long asked = this.loop.environment().nanoTime();
		this.store.read(this.revision).whenComplete((list, failure) -> this.loop.execute(() -> {
			this.reading = false;
			try {
				if (failure == null) {
					apply(list, asked);
				}
				else {
					logger.debug("The list of restrictions could not be read; trying again", failure);
				}
			}
			finally {
				if (this.readAgain) {
					this.readAgain = false;
					readSoon();
				}
			}
		}));
	}

	private void apply(RestrictionList list, long askedNanos) {
		List<StoredRestriction> entries = list.entries();
		boolean older = list.revision().epoch().equals(this.revision.epoch())
				&& list.revision().number() < this.revision.number();
		if (older) {
			// A change came meanwhile.
			readSoon();
		}
		else if (entries != null) {
			boolean first = this.revision.equals(Revision.NONE);
			if (!first && !list.revision().epoch().equals(this.revision.epoch())) {
				restore(list.revision(), entries, askedNanos);
				return;
			}
			this.known.retain(entries);
			this.revision = list.revision();
			take(entries);
		}
		noteRead(askedNanos);
	}

	/**
	 * The store may have lost changes: it gets back what this node knows and still holds.
	 */
	private void restore(Revision lost, List<StoredRestriction> entries, long askedNanos) {
		List<StoredRestriction> mine = this.known.all()
			.stream()
			.filter((each) -> each.restriction().kind().lasts())
			.toList();
		take(entries);
		CompletableFuture<?>[] all = mine.stream()
			.map((each) -> this.store.restore(each.restriction(), each.left()).toCompletableFuture())
			.toArray(CompletableFuture<?>[]::new);
		if (all.length > 0) {
			logger.warn("The store of restrictions has a new epoch; {} restrictions that this node knows are "
					+ "stored again", all.length);
		}
		CompletableFuture<Void> unused = CompletableFuture.allOf(all)
			.whenComplete((done, failure) -> this.loop.execute(() -> {
				if (failure != null) {
					// The revision stays the old one, so the next reading does it again.
					logger.warn("Restrictions could not be stored again; trying again: {}", failure.toString());
					return;
				}
				this.revision = new Revision(lost.epoch(), lost.number() - 1);
				noteRead(askedNanos);
				readSoon();
			}));
	}

	private void take(List<StoredRestriction> entries) {
		for (StoredRestriction entry : entries) {
			if (this.known.put(entry)) {
				this.enforcement.begin(entry, true);
			}
		}
	}

	private void noteRead(long askedNanos) {
		this.readNanos = askedNanos;
		this.firstRead.complete(null);
	}

}
