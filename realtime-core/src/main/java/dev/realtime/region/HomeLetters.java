package dev.realtime.region;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.broker.NumberedRun;
import dev.realtime.loop.Environment;
import dev.realtime.loop.LogThrottle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the letters of other regions, and makes one run of the messages of a topic that
 * follow each other. Letters that are malformed, or do not come from their topic's home,
 * are dropped. Confined to the region's loop.
 */
final class HomeLetters {

	private static final Logger logger = LoggerFactory.getLogger(HomeLetters.class);

	private final Function<Topic, @Nullable String> homes;

	private final Copies copies;

	private final LogThrottle malformed;

	private final LogThrottle strangers;

	/**
	 * Wires a reader.
	 * @param homes says which region is a topic's home
	 * @param copies gets what was read
	 */
	HomeLetters(Function<Topic, @Nullable String> homes, Copies copies, Environment environment) {
		this.homes = homes;
		this.copies = copies;
		this.malformed = new LogThrottle(environment);
		this.strangers = new LogThrottle(environment);
	}

	/**
	 * Reads letters that came together.
	 * @return completes when all that was read is stored; fails when something could not
	 * be
	 */
	CompletableFuture<Void> read(String home, List<byte[]> letters) {
		Batch batch = new Batch(home);
		for (byte[] each : letters) {
			try {
				batch.take(Letters.read(each));
			}
			catch (Throwable ex) {
				// It would fail again: a comparison finds what it told.
				if (this.malformed.add() > 0) {
					logger.warn("Ignored a message of the region \"{}\" that could not be handled: {}", home,
							ex.toString());
				}
			}
		}
		return batch.end();
	}

	/** Only a topic's home tells of it. */
	private boolean isFrom(String home, Topic topic) {
		boolean is = home.equals(this.homes.apply(topic));
		if (!is && this.strangers.add() > 0) {
			logger.warn("The region \"{}\" sends topics such as \"{}\", but is not their home in the "
					+ "configuration of this node; all regions must have the same homes "
					+ "(realtime.regions.home, realtime.topics.<name>.home)", home, topic);
		}
		return is;
	}

	/** The store of copies, and what is known of them. Called on the region's loop. */
	interface Copies {

		/**
		 * Stores a run of messages.
		 * @param homeHead where the home stands, which only a page says; else null
		 */
		CompletableFuture<Void> copy(String home, Topic topic, NumberedRun run, @Nullable Position homeHead);

		/** Compares where copies stand with where the home says that it stands. */
		CompletableFuture<Void> compare(String home, Letter.Heads heads);

	}

	/** Letters that came together: runs of messages are stored as one. */
	private final class Batch {

		private final String home;

		private final Map<Topic, List<TopicMessage>> runs = new LinkedHashMap<>();

		private final List<CompletableFuture<?>> done = new ArrayList<>();

		Batch(String home) {
			this.home = home;
		}

		void take(Letter letter) {
			if (letter instanceof Letter.Stored stored && isFrom(stored.message().topic())) {
				TopicMessage message = stored.message();
				List<TopicMessage> run = this.runs.get(message.topic());
				if (run != null && (run.size() == Letters.MOST || !follows(run.get(run.size() - 1), message))) {
					flush(message.topic());
				}
				this.runs.computeIfAbsent(message.topic(), (topic) -> new ArrayList<>()).add(message);
			}
			else if (letter instanceof Letter.Page page && isFrom(page.topic())) {
				flush(page.topic());
				this.done.add(HomeLetters.this.copies.copy(this.home, page.topic(), page.run(), page.head()));
			}
			else if (letter instanceof Letter.Heads heads && heads.topics().stream().allMatch(this::isFrom)) {
				this.done.add(HomeLetters.this.copies.compare(this.home, heads));
			}
		}

		CompletableFuture<Void> end() {
			List.copyOf(this.runs.keySet()).forEach(this::flush);
			return CompletableFuture.allOf(this.done.toArray(CompletableFuture[]::new));
		}

		private static boolean follows(TopicMessage last, TopicMessage next) {
			return last.position().sameEpoch(next.position()) && last.seq() == next.seq() - 1;
		}

		private void flush(Topic topic) {
			List<TopicMessage> run = this.runs.remove(topic);
			if (run != null) {
				this.done.add(HomeLetters.this.copies.copy(this.home, topic, NumberedRun.of(run), null));
			}
		}

		private boolean isFrom(Topic topic) {
			return HomeLetters.this.isFrom(this.home, topic);
		}

	}

}
