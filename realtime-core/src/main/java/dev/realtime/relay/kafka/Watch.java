package dev.realtime.relay.kafka;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.realtime.loop.Environment;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Kafka how long each partition is, which tells whether it is there, and whether the
 * reader gets what it has. A partition that does not answer while others do is waited
 * for; when it is back, messages may have been missed. On the relay's thread alone.
 */
final class Watch {

	private static final Logger logger = LoggerFactory.getLogger(Watch.class);

	private static final long AWAY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private final Admin admin;

	private final List<TopicPartition> partitions;

	private final Reader reader;

	private final Runnable dropped;

	private final Environment environment;

	private final Map<TopicPartition, OffsetSpec> question;

	/** Partitions that did not answer the last time. */
	private final BitSet away = new BitSet();

	private final long[] ends;

	private final long[] positions;

	/** When a partition was first seen to have more than the reader gets; 0 for not. */
	private final long[] stuckSince;

	private long turns;

	/**
	 * Watches a reader that has begun.
	 * @param dropped called when messages may have been missed
	 */
	Watch(Admin admin, List<TopicPartition> partitions, Reader reader, Runnable dropped, Environment environment) {
		this.environment = environment;
		this.admin = admin;
		this.partitions = partitions;
		this.reader = reader;
		this.dropped = dropped;
		this.question = partitions.stream().collect(Collectors.toMap(Function.identity(), (p) -> OffsetSpec.latest()));
		this.ends = new long[partitions.size()];
		this.positions = new long[partitions.size()];
		this.stuckSince = new long[partitions.size()];
	}

	/**
	 * Asks, and waits for the answers.
	 * @throws Exception if no partition answers, or the reader gets nothing though there
	 * is something
	 */
	void check(Duration timeout) throws Exception {
		long turnsBefore = this.reader.turns();
		long[] before = this.partitions.stream().mapToLong((each) -> this.reader.position(each.partition())).toArray();
		ListOffsetsResult answers = this.admin.listOffsets(this.question,
				new ListOffsetsOptions().timeoutMs((int) timeout.toMillis()));
		long deadline = this.environment.nanoTime() + timeout.toNanos();
		BitSet silent = new BitSet();
		Exception failure = null;
		for (int i = 0; i < 2 * before.length; i++) {
			// The others first: they need not wait for those that are away.
			int partition = i % before.length;
			boolean second = i >= before.length;
			if (this.away.get(partition) != second) {
				continue;
			}
			try {
				long wait = second ? AWAY_NANOS / before.length : deadline - this.environment.nanoTime();
				look(partition, before[partition],
						offset(answers.partitionResult(this.partitions.get(partition)), wait), turnsBefore, timeout);
			}
			catch (ExecutionException | TimeoutException ex) {
				silent.set(partition);
				failure = ex;
			}
		}
		this.turns = turnsBefore;
		if (failure != null && silent.cardinality() == before.length) {
			throw failure;
		}
		changed(silent);
	}

	private void look(int i, long position, long end, long turnsNow, Duration timeout) {
		if (position > end) {
			throw new IllegalStateException(
					"partition " + i + " ends before the last record read; the topic was recreated");
		}
		boolean stuck = position < this.ends[i] && position == this.positions[i] && turnsNow > this.turns + 1;
		if (!stuck) {
			this.stuckSince[i] = 0;
		}
		else if (this.stuckSince[i] == 0) {
			this.stuckSince[i] = this.environment.nanoTime();
		}
		else if (this.environment.nanoTime() - this.stuckSince[i] > timeout.toNanos()) {
			throw new IllegalStateException("partition " + i + " has records that do not arrive");
		}
		this.positions[i] = position;
		this.ends[i] = end;
	}

	private void changed(BitSet silent) {
		BitSet back = (BitSet) this.away.clone();
		back.andNot(silent);
		BitSet gone = (BitSet) silent.clone();
		gone.andNot(this.away);
		this.away.clear();
		this.away.or(silent);
		if (!gone.isEmpty()) {
			logger.warn(
					"{} partitions of the relay's Kafka topic do not answer; publications on them wait until they do",
					gone.cardinality());
		}
		if (!back.isEmpty()) {
			this.dropped.run();
		}
	}

	private long offset(KafkaFuture<ListOffsetsResult.ListOffsetsResultInfo> answer, long nanos)
			throws ExecutionException, TimeoutException, InterruptedException {
		return this.environment.await(answer, Duration.ofNanos(Math.max(0, nanos))).offset();
	}

}
