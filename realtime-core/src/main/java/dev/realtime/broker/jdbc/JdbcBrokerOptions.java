package dev.realtime.broker.jdbc;

import java.time.Duration;

/**
 * What can be set on a {@link JdbcBroker}. It uses up to {@code writers + readers + 2}
 * connections at once, four more with a counter.
 *
 * @param queueCapacity how many publications may wait to be stored before further ones
 * are refused, 1 to 1,000,000
 * @param queueBytes how many bytes of payload may wait; a single one always may; 1,024 or
 * more
 * @param batchSize most publications that one transaction stores, 1 to 10,000
 * @param writers how many threads store; a topic always belongs to the same one; 1 to 64
 * @param readers how many threads read the log and take numbers; 1 to 64
 * @param readQueue how many reads may wait before further ones fail, 1 to 1,000,000
 * @param statementTimeout the longest that a statement may take, 1 s or more, in whole
 * seconds
 * @param pollInterval how often the outbox is searched for what another node stored and
 * did not announce, 50 ms or more
 * @param outboxGrace how long the node that stored a message has time to announce it, 100
 * ms or more; what a dead node left is announced after this and the poll interval
 * @param maxAttempts how often announcing a message is tried, while the relay is
 * connected, before it becomes a dead letter; 1 to 1,000
 * @param holeGrace with a counter: how long a number may lack its row after a later one
 * of its topic was stored, before it is made void, 100 ms or more
 */
public record JdbcBrokerOptions(int queueCapacity, long queueBytes, int batchSize, int writers, int readers,
		int readQueue, Duration statementTimeout, Duration pollInterval, Duration outboxGrace, int maxAttempts,
		Duration holeGrace) {

	/**
	 * 10,000 publications or 64 MiB may wait, 500 a batch, 2 writers, 4 readers with
	 * 10,000 waiting reads, 5 s a statement, a poll every second, 1 s of grace, 10
	 * attempts, 2 s for a hole.
	 */
	public static final JdbcBrokerOptions DEFAULT = new JdbcBrokerOptions(10_000, 64L << 20, 500, 2, 4, 10_000,
			Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(1), 10, Duration.ofSeconds(2));

	/**
	 * Checks the bounds.
	 * @throws IllegalArgumentException when a value lies outside its bounds
	 */
	public JdbcBrokerOptions {
		check(queueCapacity >= 1 && queueCapacity <= 1_000_000,
				"queue capacity must be 1 to 1000000, not " + queueCapacity);
		check(queueBytes >= 1_024, "queue bytes must be 1024 or more, not " + queueBytes);
		check(batchSize >= 1 && batchSize <= 10_000, "batch size must be 1 to 10000, not " + batchSize);
		check(writers >= 1 && writers <= 64, "writers must be 1 to 64, not " + writers);
		check(readers >= 1 && readers <= 64, "readers must be 1 to 64, not " + readers);
		check(readQueue >= 1 && readQueue <= 1_000_000, "read queue must be 1 to 1000000, not " + readQueue);
		check(statementTimeout.toSeconds() >= 1 && statementTimeout.toHours() < 1,
				"statement timeout must be 1s or more and less than 1h, not " + statementTimeout);
		check(pollInterval.toMillis() >= 50, "poll interval must be 50ms or more, not " + pollInterval);
		check(maxAttempts >= 1 && maxAttempts <= 1_000, "max attempts must be 1 to 1000, not " + maxAttempts);
		check(outboxGrace.toMillis() >= 100, "outbox grace must be 100ms or more, not " + outboxGrace);
		check(holeGrace.toMillis() >= 100, "hole grace must be 100ms or more, not " + holeGrace);
	}

	/** These options with another queue. */
	public JdbcBrokerOptions withQueue(int capacity, long bytes) {
		return new JdbcBrokerOptions(capacity, bytes, this.batchSize, this.writers, this.readers, this.readQueue,
				this.statementTimeout, this.pollInterval, this.outboxGrace, this.maxAttempts, this.holeGrace);
	}

	/** These options with other batches. */
	public JdbcBrokerOptions withBatches(int batchSize, int writers) {
		return new JdbcBrokerOptions(this.queueCapacity, this.queueBytes, batchSize, writers, this.readers,
				this.readQueue, this.statementTimeout, this.pollInterval, this.outboxGrace, this.maxAttempts,
				this.holeGrace);
	}

	/** These options with another time limit for statements. */
	public JdbcBrokerOptions withStatementTimeout(Duration timeout) {
		return new JdbcBrokerOptions(this.queueCapacity, this.queueBytes, this.batchSize, this.writers, this.readers,
				this.readQueue, timeout, this.pollInterval, this.outboxGrace, this.maxAttempts, this.holeGrace);
	}

	/** These options with other readers. */
	public JdbcBrokerOptions withReaders(int readers) {
		return new JdbcBrokerOptions(this.queueCapacity, this.queueBytes, this.batchSize, this.writers, readers,
				this.readQueue, this.statementTimeout, this.pollInterval, this.outboxGrace, this.maxAttempts,
				this.holeGrace);
	}

	/** These options with another search of the outbox. */
	public JdbcBrokerOptions withOutbox(Duration pollInterval, Duration grace) {
		return withOutbox(pollInterval, grace, this.maxAttempts);
	}

	/** These options with another search of the outbox, and another end of it. */
	public JdbcBrokerOptions withOutbox(Duration pollInterval, Duration grace, int maxAttempts) {
		return new JdbcBrokerOptions(this.queueCapacity, this.queueBytes, this.batchSize, this.writers, this.readers,
				this.readQueue, this.statementTimeout, pollInterval, grace, maxAttempts, this.holeGrace);
	}

	/** These options with another time for numbers that lack their rows. */
	public JdbcBrokerOptions withHoleGrace(Duration grace) {
		return new JdbcBrokerOptions(this.queueCapacity, this.queueBytes, this.batchSize, this.writers, this.readers,
				this.readQueue, this.statementTimeout, this.pollInterval, this.outboxGrace, this.maxAttempts, grace);
	}

	private static void check(boolean legal, String message) {
		if (!legal) {
			throw new IllegalArgumentException("JDBC broker: " + message);
		}
	}

}
