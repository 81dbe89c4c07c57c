package dev.realtime.unread;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.log.TopicLog;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells watchers on this node what they have not read, whenever that changes on whichever
 * node. It looks, on one thread of its own and with one question at a time: at the moves
 * of all users who watch and at the heads of all watched topics, then at what has changed
 * since, many users and topics in each question. A watcher is told of one topic at most
 * once an interval, the last value always arrives, and nothing is lost when messages
 * between nodes are. If the store is slow, it looks less often.
 * <p>
 * What was looked up is not asked again when another question fails. A user or a topic
 * for which the store always fails is found by halving, named in the log and asked about
 * less and less often, down to once a minute; the others are not affected.
 */
public final class UnreadWatch implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(UnreadWatch.class);

	private static final int MAX_HEADS = 500;

	private static final Duration CLOSING = Duration.ofSeconds(2);

	private final Duration interval;

	private final Loop loop;

	private final Watchers watchers;

	private volatile boolean closed;

	// Confined to the loop from here on.

	private final Questions<String, Long> moveQuestions;

	private final Questions<Topic, Position> headQuestions;

	private final Questions<UserTopic, Unread> unreadQuestions;

	private final Map<Topic, Position> heads = new HashMap<>();

	private final Map<String, Long> moves = new HashMap<>();

	/** What is to be looked up. */
	private final Set<UserTopic> due = new LinkedHashSet<>();

	private boolean failing;

	/**
	 * A watch that is not started.
	 * @param log where the watched topics are
	 * @param interval how long from one look to the next, 10 ms or more
	 * @param loops makes the watch's thread
	 */
	public UnreadWatch(ReadPositions positions, TopicLog log, Duration interval, Loops loops) {
		if (interval.toMillis() < 10) {
			throw new IllegalArgumentException("An interval is 10 ms or more, not " + interval);
		}
		this.interval = interval;
		this.loop = loops.loop("realtime-unread");
		this.watchers = new Watchers(this.loop);
		this.moveQuestions = new Questions<>("Moves of read positions", ReadPositions.MAX_USERS, interval, this.loop,
				positions::moves);
		this.headQuestions = new Questions<>("Heads of topics", MAX_HEADS, interval, this.loop, log::heads);
		this.unreadQuestions = new Questions<>("Unread counts", ReadPositions.MAX_PAIRS, interval, this.loop,
				positions::unread);
	}

	/** Starts to look. */
	public void start() {
		this.loop.every(this.interval, this::look);
	}

	/**
	 * Watches topics for a user; never blocks. The first values come with the next look.
	 * @param topics at most {@value ReadPositions#MAX_TOPICS}
	 * @param told gets each value, on this watch's thread: must be quick and not block
	 * @return ends the watching when it is closed
	 * @throws IllegalArgumentException when there are too many topics, or the user's name
	 * is empty or too long
	 */
	public Watching watch(String user, Set<Topic> topics, Consumer<Unread> told) {
		if (topics.size() > ReadPositions.MAX_TOPICS) {
			throw new IllegalArgumentException(
					"At most " + ReadPositions.MAX_TOPICS + " topics at once, not " + topics.size());
		}
		if (user.isEmpty() || user.length() > ReadPositions.MAX_USER_LENGTH) {
			throw new IllegalArgumentException(
					"A user's name has 1 to " + ReadPositions.MAX_USER_LENGTH + " characters, not " + user.length());
		}
		Watcher watcher = new Watcher(user, Set.copyOf(topics), told);
		this.watchers.add(watcher);
		return () -> this.watchers.remove(watcher);
	}

	/** Returns how many are watching. */
	public int watching() {
		return this.watchers.size();
	}

	/** Stops looking; idempotent; returns within 2 s. */
	@Override
	public void close() {
		this.closed = true;
		var unused = this.loop.close(CLOSING);
	}

	private void look() {
		try {
			take();
			Outcome moved = this.moveQuestions.ask(this.watchers.users(), this::moved);
			Outcome published = this.headQuestions.ask(this.watchers.topics(), this::published);
			Outcome found = this.unreadQuestions.ask(List.copyOf(this.due), this::found);
			end(moved.and(published).and(found));
		}
		catch (InterruptedException ex) {
			// not by us; the next look goes on
		}
	}

	/**
	 * Those who come later are not part of this look, so that they are not looked up
	 * twice.
	 */
	private void take() {
		for (Watcher watcher : this.watchers.takeNew()) {
			watcher.topics().forEach((topic) -> this.due.add(new UserTopic(watcher.user(), topic)));
		}
		this.moves.keySet().retainAll(this.watchers.users());
		this.heads.keySet().retainAll(this.watchers.topics());
		this.due.removeIf((each) -> !this.watchers.watches(each));
	}

	/**
	 * Moves and heads are noted before the values are looked up: a change in between is
	 * found by the next look.
	 */
	private void moved(String user, Long count) {
		if (!count.equals(this.moves.put(user, count))) {
			this.watchers.topicsOf(user).forEach((topic) -> this.due.add(new UserTopic(user, topic)));
		}
	}

	private void published(Topic topic, Position head) {
		if (!head.equals(this.heads.put(topic, head))) {
			this.watchers.usersOf(topic).forEach((user) -> this.due.add(new UserTopic(user, topic)));
		}
	}

	private void found(UserTopic about, Unread unread) {
		this.due.remove(about);
		this.watchers.tell(about.user(), unread);
	}

	private void end(Outcome outcome) {
		this.moveQuestions.end(outcome.answered(), this.watchers.users()::contains);
		this.headQuestions.end(outcome.answered(), this.watchers.topics()::contains);
		this.unreadQuestions.end(outcome.answered(), this.watchers::watches);
		boolean away = !outcome.answered() && outcome.failure() != null;
		if (away && !this.failing && !this.closed) {
			logger.warn("Unread counts cannot be looked up; trying again: {}", String.valueOf(outcome.failure()));
		}
		this.failing = away;
	}

	/** A watcher's registration. */
	@FunctionalInterface
	public interface Watching extends AutoCloseable {

		/**
		 * Ends it, except for what is just being told; idempotent; never blocks.
		 */
		@Override
		void close();

	}

}
