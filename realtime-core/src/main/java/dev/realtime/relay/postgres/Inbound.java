package dev.realtime.relay.postgres;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.log.jdbc.JdbcRanges;
import dev.realtime.loop.Loop;
import dev.realtime.loop.LogThrottle;
import dev.realtime.relay.LoopbackRelay;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What other nodes have told. Signals go to the listener at once. Of messages only the
 * numbers come; those of wanted topics wait here until one statement reads many of them
 * from the log. What a failed read was to bring is left to the repair of holes.
 * <p>
 * Payloads are for one thread; reading has a loop of its own.
 */
final class Inbound {

	private static final Logger logger = LoggerFactory.getLogger(Inbound.class);

	/**
	 * A longer range is not read here but its last message, behind which each feed fills
	 * its hole from the log at its own pace.
	 */
	static final int MAX_BEHIND = 1_000;

	/** Most topics that wait; what is beyond is left to the comparison with the log. */
	static final int MAX_TOPICS = 50_000;

	private final String node;

	private final JdbcDatabase database;

	private final LoopbackRelay local;

	private final Clock clock;

	private final Loop loop;

	private final Parts parts = new Parts();

	private final LogThrottle malformed;

	private final LogThrottle failures;

	@GuardedBy("this")
	private final Map<Topic, JdbcRanges.Range> wanted = new LinkedHashMap<>();

	@GuardedBy("this")
	private boolean reading;

	private volatile long heardItselfNanos;

	Inbound(String node, JdbcDatabase database, LoopbackRelay local, Clock clock, Loop loop) {
		this.node = node;
		this.database = database;
		this.local = local;
		this.clock = clock;
		this.loop = loop;
		this.malformed = new LogThrottle(loop.environment());
		this.failures = new LogThrottle(loop.environment());
		this.heardItselfNanos = loop.environment().nanoTime() - TimeUnit.DAYS.toNanos(1);
	}

	/**
	 * When something of this node's own came back, by the nano time of the environment.
	 */
	long heardItselfNanos() {
		return this.heardItselfNanos;
	}

	/** Takes a payload; whatever is wrong with it costs nothing else. */
	void accept(String payload) {
		try {
			Parts.Text complete = this.parts.add(payload);
			if (complete == null) {
				return;
			}
			if (complete.sender().equals(this.node)) {
				// it was delivered here before it was sent
				this.heardItselfNanos = this.loop.environment().nanoTime();
				return;
			}
			complete.text().lines().forEach(this::entry);
		}
		catch (Throwable ex) {
			malformed(ex);
		}
	}

	void close() {
		this.loop.close();
	}

	private void entry(String line) {
		try {
			Entry entry = Entry.of(line);
			if (entry instanceof Entry.Told told) {
				var unused = this.local.signal(told.signal());
			}
			else if (entry instanceof Entry.Moved moved && this.local.wants(moved.range().topic())) {
				want(moved.range());
			}
		}
		catch (Throwable ex) {
			malformed(ex);
		}
	}

	private void malformed(Throwable ex) {
		long since = this.malformed.add();
		if (since > 0) {
			logger.warn("Skipped a notification that cannot be read: {} ({} times since this was last logged)",
					ex.toString(), since);
		}
	}

	private synchronized void want(JdbcRanges.Range range) {
		JdbcRanges.Range known = this.wanted.get(range.topic());
		if (known != null && known.epoch().equals(range.epoch())) {
			range = new JdbcRanges.Range(range.topic(), range.epoch(), Math.min(known.from(), range.from()),
					Math.max(known.through(), range.through()));
		}
		else if (known == null && this.wanted.size() >= MAX_TOPICS) {
			return;
		}
		if (range.size() > MAX_BEHIND) {
			range = new JdbcRanges.Range(range.topic(), range.epoch(), range.through(), range.through());
		}
		this.wanted.put(range.topic(), range);
		readSoon();
	}

	@GuardedBy("this")
	private void readSoon() {
		if (!this.reading && !this.wanted.isEmpty()) {
			this.reading = this.loop.tryExecute(this::read);
		}
	}

	/** On the loop: one statement, then what has come meanwhile. */
	private void read() {
		try {
			List<JdbcRanges.Range> ranges = take();
			List<TopicMessage> found = this.database
				.read((session) -> JdbcRanges.read(session, ranges, this.clock.millis()));
			for (TopicMessage message : found) {
				var unused = this.local.announce(message);
			}
		}
		catch (Exception ex) {
			long since = this.failures.add();
			if (since > 0) {
				logger.warn("Announced messages could not be read: {}; they are read with the next repair ({} times "
						+ "since this was last logged)", ex.toString(), since);
			}
		}
		finally {
			synchronized (this) {
				this.reading = false;
				readSoon();
			}
		}
	}

	private synchronized List<JdbcRanges.Range> take() {
		List<JdbcRanges.Range> taken = new ArrayList<>();
		JdbcRanges.Range rest = null;
		long rows = 0;
		Iterator<JdbcRanges.Range> all = this.wanted.values().iterator();
		while (all.hasNext() && rest == null && rows < JdbcRanges.MAX_ROWS && taken.size() < JdbcRanges.MAX_RANGES) {
			JdbcRanges.Range next = all.next();
			all.remove();
			long room = JdbcRanges.MAX_ROWS - rows;
			if (next.size() > room) {
				rest = new JdbcRanges.Range(next.topic(), next.epoch(), next.from() + room, next.through());
				next = new JdbcRanges.Range(next.topic(), next.epoch(), next.from(), next.from() + room - 1);
			}
			rows += next.size();
			taken.add(next);
		}
		if (rest != null) {
			this.wanted.put(rest.topic(), rest);
		}
		return taken;
	}

}
