package dev.realtime.log.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.random.RandomGenerator;

import dev.realtime.Epochs;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import org.jspecify.annotations.Nullable;

/**
 * A topic's row: its numbering, and what is known of its messages. For one thread; who
 * changes it holds the row's lock.
 */
public final class TopicRow {

	public static final String COLUMNS = "topic, epoch, last_seq, first_seq, kept, first_at, expires_at, sweep_at, updated_at, "
			+ "history, voids";

	private static final int SLACK = 100;

	private static final long SLACK_MILLIS = 60_000;

	/** How long the numbering of a topic stays that nobody ever publishes on. */
	public static final Duration UNUSED = Duration.ofHours(1);

	final Topic topic;

	final String epoch;

	/** The last number given; with a counter, the last before one that is not settled. */
	long lastSeq;

	/** The lowest number that may still be kept. */
	long firstSeq = 1;

	/** How many messages are kept. */
	long kept;

	/** When the first of them was published, or 0. */
	long firstAt;

	/** When the history is over if nothing more is published, or 0. */
	long expiresAt;

	/** When to look whether it is. */
	long sweepAt;

	long updatedAt;

	/** How long messages are kept, as the last publisher said, in ms. */
	long history = TopicPolicy.DEFAULT.historyTime().toMillis();

	/** How many numbers carry no message. */
	long voids;

	private TopicRow(Topic topic, String epoch) {
		this.topic = topic;
		this.epoch = epoch;
	}

	/** A topic that nobody has named before. */
	static TopicRow fresh(Topic topic, long now, RandomGenerator random) {
		TopicRow row = new TopicRow(topic, Epochs.next(random));
		row.sweepAt = now + UNUSED.toMillis();
		row.updatedAt = now;
		return row;
	}

	/**
	 * Stands for the row of a topic that has none. Rows of topics on which something was
	 * published stay, so this epoch says that nothing was published before.
	 */
	static TopicRow none(Topic topic) {
		return new TopicRow(topic, "N000000000");
	}

	/** The position at which the row's reader is. */
	Position reader(Position named) {
		return named.equals(none(this.topic).head()) ? head().withSeq(0) : named;
	}

	/** Reads the columns of {@link #COLUMNS}. */
	public static TopicRow read(ResultSet result) throws SQLException {
		TopicRow row = new TopicRow(Topic.of(result.getString(1)), result.getString(2));
		row.lastSeq = result.getLong(3);
		row.firstSeq = result.getLong(4);
		row.kept = result.getLong(5);
		row.firstAt = result.getLong(6);
		row.expiresAt = result.getLong(7);
		row.sweepAt = result.getLong(8);
		row.updatedAt = result.getLong(9);
		row.history = result.getLong(10);
		row.voids = result.getLong(11);
		return row;
	}

	/** The last number given, or the last that is settled. */
	public Position head() {
		return new Position(this.epoch, this.lastSeq);
	}

	/** Takes the next number, for a message or for nothing. */
	Position take(long now) {
		this.lastSeq++;
		this.updatedAt = now;
		return head();
	}

	/** Notes that a message carries the number taken last. */
	void stored(long now, Duration historyTime) {
		this.kept++;
		if (this.firstAt == 0) {
			this.firstAt = now;
		}
		this.history = historyTime.toMillis();
		keepFrom(now);
	}

	/** Notes that the next number is settled, by a message or void. */
	public void settled(long publishedAt, boolean isVoid) {
		this.lastSeq++;
		this.updatedAt = publishedAt;
		if (!isVoid) {
			this.kept++;
			if (this.firstAt == 0) {
				this.firstAt = publishedAt;
			}
		}
		keepFrom(publishedAt);
	}

	private void keepFrom(long publishedAt) {
		boolean first = this.expiresAt == 0;
		this.expiresAt = publishedAt + this.history;
		if (first) {
			this.sweepAt = this.expiresAt;
		}
	}

	/** Whether it is time to trim. */
	public boolean isTrimDue(TopicPolicy policy, long now) {
		return isTrimDue(this.kept, this.firstAt, policy, now);
	}

	/**
	 * Whether it is time to trim.
	 * @param kept how many messages are kept
	 * @param firstAt when the first of them was published, or 0
	 */
	static boolean isTrimDue(long kept, long firstAt, TopicPolicy policy, long now) {
		long history = policy.historyTime().toMillis();
		return kept - policy.historySize() >= Math.max(SLACK, policy.historySize() / 10)
				|| (firstAt != 0 && firstAt + history + Math.min(history / 10, SLACK_MILLIS) <= now);
	}

	/** Notes how long messages are kept; answers whether that is something new. */
	public boolean keepsFor(Duration historyTime) {
		long before = this.history;
		this.history = historyTime.toMillis();
		return before != this.history;
	}

	/** Notes how many messages are kept. */
	public void keeps(long messages) {
		this.kept = messages;
	}

	/** Notes how many messages are kept, and when the first was published. */
	public void keeps(long messages, long first) {
		this.kept = messages;
		this.firstAt = first;
	}

	/** Notes that no message is kept: the next one begins the history anew. */
	public void keepsNothing() {
		keeps(0, 0);
		this.expiresAt = 0;
		this.sweepAt = Long.MAX_VALUE;
	}

	/** Notes that the numbers up to this one are gone. */
	public void trimmed(long through) {
		this.firstSeq = through + 1;
	}

	/** Notes when to look whether the history is over. */
	public void sweepAt(long time) {
		this.sweepAt = time;
	}

	/** Notes that this is to be looked at when the history ends, if it does. */
	public void sweepAtEnd() {
		this.sweepAt = (this.expiresAt != 0) ? this.expiresAt : Long.MAX_VALUE;
	}

	/** Which topic's row it is. */
	public Topic topic() {
		return this.topic;
	}

	/** The life of the topic's numbering. */
	public String epoch() {
		return this.epoch;
	}

	/** The last number given; with a counter, the last before one that is not settled. */
	public long lastSeq() {
		return this.lastSeq;
	}

	/** The lowest number that may still be kept. */
	public long firstSeq() {
		return this.firstSeq;
	}

	/** How many messages are kept. */
	public long kept() {
		return this.kept;
	}

	/** When to look whether the history is over. */
	public long sweepAt() {
		return this.sweepAt;
	}

	/** Whether the last message is older than the history: then none is kept. */
	public boolean isOver(long now) {
		return this.expiresAt != 0 && this.expiresAt <= now;
	}

	/** All columns, in the order of {@link #COLUMNS}. */
	@Nullable Object[] all() {
		return new @Nullable Object[] { this.topic.name(), this.epoch, this.lastSeq, this.firstSeq, this.kept,
				this.firstAt, this.expiresAt, this.sweepAt, this.updatedAt, this.history, this.voids };
	}

	/** What an update sets, then what it looks for. */
	@Nullable Object[] changed() {
		return new @Nullable Object[] { this.lastSeq, this.firstSeq, this.kept, this.firstAt, this.expiresAt,
				this.sweepAt, this.updatedAt, this.history, this.voids, this.topic.name() };
	}

}
