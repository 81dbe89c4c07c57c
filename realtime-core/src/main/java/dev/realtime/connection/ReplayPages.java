package dev.realtime.connection;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.delivery.EncodedMessage;
import dev.realtime.feed.BrokerCalls;
import dev.realtime.log.BoundedReads;
import dev.realtime.log.LogPage;
import dev.realtime.loop.Environment;
import org.jspecify.annotations.Nullable;

/**
 * Pages of the log for subscribers that recover. When a network comes back, thousands of
 * clients lack the same range: it is read once for all of them, and encoded once. A page
 * that was found never becomes wrong, only old, and whoever gets an old one reads on from
 * its end; so pages are kept for some seconds, up to a bound. Safe for any number of
 * threads.
 */
final class ReplayPages {

	private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(10);

	/** What a message costs beside its payload, roughly: objects, headers, a frame. */
	private static final int OVERHEAD_BYTES = 600;

	private final BrokerCalls calls;

	private final BoundedReads reads;

	private final FrameEncoder encoder;

	private final int pageSize;

	private final Environment environment;

	private final long maxBytes;

	/** The eldest first. */
	@GuardedBy("this")
	private final LinkedHashMap<Range, Kept> pages = new LinkedHashMap<>();

	@GuardedBy("this")
	private long bytes;

	ReplayPages(BrokerCalls calls, BoundedReads reads, FrameEncoder encoder, int pageSize, long maxBytes,
			Environment environment) {
		this.environment = environment;
		this.reads = reads;
		this.calls = calls;
		this.encoder = encoder;
		this.pageSize = pageSize;
		this.maxBytes = maxBytes;
	}

	/** What follows the position. */
	CompletionStage<Page> after(Topic topic, Position position) {
		Range range = new Range(topic, position, 0);
		return shared(range, true, () -> this.calls.read(topic, position, this.pageSize));
	}

	/** The latest messages; only reads that are on their way are shared. */
	CompletionStage<Page> latest(Topic topic, int count) {
		return shared(new Range(topic, null, count), false, () -> this.calls.latest(topic, count));
	}

	/** The topic's numbering has begun anew. */
	synchronized void forget(Topic topic) {
		removeIf((range, kept) -> range.topic().equals(topic));
	}

	/** Gives up what is too old. */
	synchronized void expire(long nowNanos) {
		removeIf((range, kept) -> kept.bytes >= 0 && nowNanos - kept.sinceNanos > KEPT_NANOS);
	}

	private CompletionStage<Page> shared(Range range, boolean keep, Supplier<CompletionStage<LogPage>> read) {
		Kept mine;
		synchronized (this) {
			Kept known = this.pages.get(range);
			if (known != null) {
				return known.page;
			}
			mine = new Kept(this.environment.nanoTime());
			this.pages.put(range, mine);
		}
		CompletionStage<Page> unused = this.reads.run(read)
			.thenApply((page) -> new Page(page, this.encoder))
			.whenComplete((page, failure) -> {
				boolean found = false;
				try {
					settle(range, mine, (keep && page != null && page.log instanceof LogPage.Found log) ? log : null);
					found = page != null && mine.page.complete(page);
				}
				finally {
					if (!found) {
						mine.page.completeExceptionally(
								(failure != null) ? failure : new IllegalStateException("The page was not kept"));
					}
				}
			});
		return mine.page;
	}

	/** Keeps what was found, and nothing else. */
	private synchronized void settle(Range range, Kept kept, LogPage.@Nullable Found found) {
		if (this.pages.get(range) != kept) {
			return;
		}
		if (found == null || found.messages().isEmpty()) {
			this.pages.remove(range);
			return;
		}
		kept.bytes = found.messages().stream().mapToLong((each) -> OVERHEAD_BYTES + 2L * each.content().size()).sum();
		this.bytes += kept.bytes;
		for (Iterator<Kept> eldest = this.pages.values().iterator(); this.bytes > this.maxBytes && eldest.hasNext();) {
			Kept other = eldest.next();
			if (other.bytes >= 0) {
				this.bytes -= other.bytes;
				eldest.remove();
			}
		}
	}

	@GuardedBy("this")
	private void removeIf(BiPredicate<Range, Kept> unwanted) {
		for (Iterator<Map.Entry<Range, Kept>> all = this.pages.entrySet().iterator(); all.hasNext();) {
			Map.Entry<Range, Kept> entry = all.next();
			if (unwanted.test(entry.getKey(), entry.getValue())) {
				this.bytes -= Math.max(0, entry.getValue().bytes);
				all.remove();
			}
		}
	}

	/** A page and its messages as they are sent. */
	static final class Page {

		final LogPage log;

		final List<EncodedMessage> messages;

		Page(LogPage log, FrameEncoder encoder) {
			this.log = log;
			List<TopicMessage> found = (log instanceof LogPage.Found page) ? page.messages() : List.of();
			this.messages = found.stream().map((message) -> new EncodedMessage(message, encoder)).toList();
		}

	}

	private record Range(Topic topic, @Nullable Position after, int latest) {
	}

	/** A page, or the read that brings it. */
	private static final class Kept {

		final CompletableFuture<Page> page = new CompletableFuture<>();

		final long sinceNanos;

		/** -1 while it is read. */
		long bytes = -1;

		Kept(long nowNanos) {
			this.sinceNanos = nowNanos;
		}

	}

}
