package dev.realtime.unread;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
 * node. It looks, on one thread of its own and with one question at a time: at the heads
 * of all watched topics and at the moves of all users who watch, many in one question;
 * then only at what has changed. So nobody is told of one topic more often than once an
 * interval, the last value always arrives, and nothing is lost when messages between
 * nodes are. When the store is slow it looks less often.
 */
public final class UnreadWatch implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(UnreadWatch.class);

	private static final int CHUNK = ReadPositions.MAX_USERS;

	private static final long ANSWER_SECONDS = 30;

	private static final Duration CLOSING = Duration.ofSeconds(2);

	private final ReadPositions positions;

	private final TopicLog log;

	private final Duration interval;

	private final Loop loop;

	private final Watchers watchers;

	/** Who has come since the last look. */
	private final Set<String> newcomers = ConcurrentHashMap.newKeySet();

	private volatile boolean closed;

	// Confined to the loop from here on.

	private final Map<Topic, Position> heads = new HashMap<>();

	private final Map<String, Long> moves = new HashMap<>();

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
		this.positions = positions;
		this.log = log;
		this.interval = interval;
		this.loop = loops.loop("realtime-unread");
		this.watchers = new Watchers(this.loop);
	}

	/** Starts to look. */
	public void start() {
		this.loop.every(this.interval, this::look);
	}

	/**
	 * Watches topics for a user; never blocks. The first values come with the next look.
	 * @param topics at most {@value ReadPositions#MAX_TOPICS}
	 * @param told gets each value, on this watch's thread: must be quick and not block
	 * @return to be closed when nobody wants to be told any more
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
		this.newcomers.add(user);
		return () -> this.watchers.remove(watcher);
	}

	/** How many are watching. */
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
		Set<String> fresh = new HashSet<>(this.newcomers);
		this.newcomers.removeAll(fresh);
		boolean looked = false;
		try {
			lookAt(fresh);
			looked = true;
			this.failing = false;
		}
		catch (ExecutionException | TimeoutException | RuntimeException ex) {
			if (!this.failing && !this.closed) {
				logger.warn("What is unread cannot be looked up; it is tried again: {}", ex.toString());
			}
			this.failing = true;
		}
		catch (InterruptedException ex) {
			// not by us; the next look goes on
		}
		finally {
			if (!looked) {
				this.newcomers.addAll(fresh);
			}
		}
	}

	/**
	 * What is noted as known is what was there before the values were looked up: a change
	 * in between is found by the next look.
	 */
	private void lookAt(Set<String> fresh) throws ExecutionException, TimeoutException, InterruptedException {
		Map<String, Long> newMoves = movesNow();
		Map<Topic, Position> newHeads = headsNow();
		Set<String> users = new HashSet<>(fresh);
		newMoves.forEach((user, count) -> {
			if (!count.equals(this.moves.get(user))) {
				users.add(user);
			}
		});
		for (String user : users) {
			for (List<Topic> some : chunks(this.watchers.topicsOf(user), ReadPositions.MAX_TOPICS)) {
				result(this.positions.unread(user, some)).forEach((unread) -> this.watchers.tell(user, unread));
			}
		}
		for (Map.Entry<Topic, Position> head : newHeads.entrySet()) {
			Topic topic = head.getKey();
			if (!head.getValue().equals(this.heads.get(topic))) {
				Set<String> others = this.watchers.usersOf(topic);
				others.removeAll(users);
				for (List<String> some : chunks(others, CHUNK)) {
					List<Unread> unread = result(this.positions.unreadOf(topic, some));
					for (int i = 0; i < some.size(); i++) {
						this.watchers.tell(some.get(i), unread.get(i));
					}
				}
			}
		}
		this.heads.clear();
		this.heads.putAll(newHeads);
		this.moves.clear();
		this.moves.putAll(newMoves);
	}

	private Map<String, Long> movesNow() throws ExecutionException, TimeoutException, InterruptedException {
		Map<String, Long> now = new HashMap<>();
		for (List<String> some : chunks(this.watchers.users(), CHUNK)) {
			List<Long> counts = result(this.positions.moves(some));
			for (int i = 0; i < some.size(); i++) {
				now.put(some.get(i), counts.get(i));
			}
		}
		return now;
	}

	private Map<Topic, Position> headsNow() throws ExecutionException, TimeoutException, InterruptedException {
		Map<Topic, Position> now = new HashMap<>();
		for (List<Topic> some : chunks(this.watchers.topics(), CHUNK)) {
			List<Position> heads = result(this.log.heads(some));
			for (int i = 0; i < some.size(); i++) {
				now.put(some.get(i), heads.get(i));
			}
		}
		return now;
	}

	private static <T> List<List<T>> chunks(Set<T> all, int size) {
		List<T> list = new ArrayList<>(all);
		List<List<T>> chunks = new ArrayList<>();
		for (int from = 0; from < list.size(); from += size) {
			chunks.add(list.subList(from, Math.min(list.size(), from + size)));
		}
		return chunks;
	}

	private <T> T result(CompletionStage<T> stage) throws ExecutionException, TimeoutException, InterruptedException {
		T answer = stage.toCompletableFuture().get(ANSWER_SECONDS, TimeUnit.SECONDS);
		this.loop.progressed();
		return answer;
	}

	/** Somebody who is told. */
	@FunctionalInterface
	public interface Watching extends AutoCloseable {

		/** Is told no more, but for what is just being told; idempotent; never blocks. */
		@Override
		void close();

	}

}
