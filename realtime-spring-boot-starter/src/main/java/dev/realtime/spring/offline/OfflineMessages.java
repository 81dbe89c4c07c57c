package dev.realtime.spring.offline;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import dev.realtime.TopicMessage;
import dev.realtime.loop.Loop;
import dev.realtime.loop.LogThrottle;
import dev.realtime.spring.OfflineProperties;
import dev.realtime.spring.offline.OfflineCounts.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the messages whose users are connected nowhere, and hands them to the
 * application's {@link OfflineHandler}s. Not for applications.
 * <p>
 * One question at a time asks the fleet about all users for whom messages wait, at most
 * once a second. A message is handed over if its user was missed twice. All state is
 * confined to one loop; the handlers have threads of their own.
 */
public final class OfflineMessages implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(OfflineMessages.class);

	/** From one question to the next. */
	private static final Duration PAUSE = Duration.ofSeconds(1);

	/** An answer that has not come by then counts as none. */
	private static final Duration PATIENCE = Duration.ofSeconds(5);

	/** How long a message waits while the fleet cannot be asked. */
	private static final Duration GIVE_UP = Duration.ofMinutes(1);

	/** Users of one question. */
	private static final int MAX_USERS = 10_000;

	/** Longest name, in characters, that nodes can be asked for. */
	private static final int MAX_NAME = 1_024;

	private static final Duration CLOSING = Duration.ofSeconds(1);

	private final int most;

	private final Loop loop;

	private final Loop calls;

	private final List<OfflineHandler> handlers;

	private final Function<Collection<String>, CompletionStage<Set<String>>> connected;

	private final @Nullable UnreadLookup unread;

	private final OfflineCounts counts = new OfflineCounts();

	private final LogThrottle overflows;

	/** Messages that have not ended. */
	private final AtomicInteger waiting = new AtomicInteger();

	private final Deque<Pending> pending = new ArrayDeque<>();

	/** Counts questions and their ends: an answer to an earlier one changes nothing. */
	private long question;

	/** When the last question was asked. */
	private long askedNanos;

	/** Whether a question is under way, or will be asked by itself. */
	private boolean active;

	/**
	 * Makes it.
	 * @param loop one thread, closed by this
	 * @param calls the threads of the handlers, closed by this
	 * @param handlers of the application
	 * @param connected tells which users are connected to any node
	 * @param unread counts what users have not read, or null
	 */
	OfflineMessages(OfflineProperties properties, Loop loop, Loop calls, List<OfflineHandler> handlers,
			Function<Collection<String>, CompletionStage<Set<String>>> connected, @Nullable UnreadLookup unread) {
		this.most = properties.queue();
		this.loop = loop;
		this.calls = calls;
		this.handlers = List.copyOf(handlers);
		this.connected = connected;
		this.unread = unread;
		this.overflows = new LogThrottle(loop.environment());
		this.askedNanos = loop.environment().nanoTime() - PAUSE.toNanos();
	}

	/**
	 * A message to a user is stored. Any thread; never blocks or throws.
	 * @param destination without the prefix of user destinations
	 */
	public void stored(String user, String destination, TopicMessage message) {
		boolean accepted = false;
		try {
			long now = this.loop.environment().nanoTime();
			accepted = this.waiting.incrementAndGet() <= this.most
					&& this.loop.tryExecute(() -> add(new Pending(user, destination, message, now)));
		}
		catch (Throwable ex) {
			this.loop.failed(ex);
		}
		if (!accepted) {
			overflow();
		}
	}

	/** How many messages wait. */
	int waiting() {
		return this.waiting.get();
	}

	OfflineCounts counts() {
		return this.counts;
	}

	private void overflow() {
		end(Outcome.DROPPED);
		long since = this.overflows.add(!this.loop.isClosed());
		if (since > 0) {
			logger.warn("{} messages to users were not checked for an OfflineHandler since this was last logged, "
					+ "because realtime.offline.queue ({}) of them waited", since, this.most);
		}
	}

	private void end(Outcome outcome) {
		this.counts.add(outcome);
		this.waiting.decrementAndGet();
	}

	private void add(Pending message) {
		if (message.user.length() > MAX_NAME) {
			end(Outcome.UNKNOWN);
			return;
		}
		this.pending.add(message);
		if (!this.active) {
			askSoon();
		}
	}

	private void ask() {
		long number = ++this.question;
		this.askedNanos = this.loop.environment().nanoTime();
		Set<String> users = new HashSet<>();
		List<Pending> asked = new ArrayList<>();
		List<Pending> later = new ArrayList<>();
		for (Pending each : this.pending) {
			boolean fits = users.size() < MAX_USERS || users.contains(each.user);
			if (fits) {
				users.add(each.user);
			}
			(fits ? asked : later).add(each);
		}
		this.pending.clear();
		this.pending.addAll(later);
		try {
			Loop.Delayed patience = this.loop.after(PATIENCE,
					() -> answered(number, asked, null, new TimeoutException("No answer within " + PATIENCE)));
			CompletionStage<Set<String>> unused = this.connected.apply(users)
				.whenComplete((online, failure) -> this.loop.execute(() -> {
					patience.cancel();
					answered(number, asked, online, failure);
				}));
		}
		catch (Throwable ex) {
			this.loop.failed(ex);
			answered(number, asked, null, ex);
		}
	}

	private void answered(long number, List<Pending> asked, @Nullable Set<String> online, @Nullable Throwable failure) {
		if (number != this.question) {
			return;
		}
		this.question++;
		try {
			if (online != null) {
				sort(asked, online);
			}
			else {
				logger.debug("The nodes could not be asked for users", failure);
				keep(asked);
			}
		}
		finally {
			askSoon();
		}
	}

	private void sort(List<Pending> asked, Set<String> online) {
		List<Pending> gone = new ArrayList<>();
		for (Pending each : asked) {
			if (online.contains(each.user)) {
				end(Outcome.CONNECTED);
			}
			else if (each.missed) {
				gone.add(each);
			}
			else {
				each.missed = true;
				this.pending.add(each);
			}
		}
		if (this.unread != null) {
			this.unread.look(gone, (each, count) -> this.loop.contain(() -> hand(each, count)));
		}
		else {
			gone.forEach((each) -> this.loop.contain(() -> hand(each, OptionalLong.empty())));
		}
	}

	/** They are asked for again. */
	private void keep(List<Pending> asked) {
		long now = this.loop.environment().nanoTime();
		for (Pending each : asked) {
			if (now - each.sinceNanos > GIVE_UP.toNanos()) {
				end(Outcome.UNKNOWN);
			}
			else {
				this.pending.add(each);
			}
		}
	}

	/** At once, or when the last question is a second old. */
	private void askSoon() {
		this.active = !this.pending.isEmpty();
		if (this.active) {
			long left = PAUSE.toNanos() - (this.loop.environment().nanoTime() - this.askedNanos);
			this.loop.after(Duration.ofNanos(Math.max(0, left)), this::ask);
		}
	}

	private void hand(Pending message, OptionalLong unread) {
		boolean accepted = false;
		try {
			accepted = this.calls.tryExecute(() -> call(message.with(unread)));
		}
		finally {
			if (!accepted) {
				end(Outcome.DROPPED);
			}
		}
	}

	private void call(OfflineMessage message) {
		Outcome outcome = Outcome.HANDLED;
		for (OfflineHandler handler : this.handlers) {
			try {
				handler.offline(message);
			}
			catch (Throwable ex) {
				outcome = Outcome.FAILED;
				this.calls.failed(ex);
			}
		}
		end(outcome);
	}

	/** Drops what waits; idempotent; at most 1 s. */
	@Override
	public void close() {
		if (this.loop.isClosed()) {
			return;
		}
		this.loop.close();
		if (!this.calls.close(CLOSING)) {
			this.calls.close();
		}
		if (this.waiting.get() > 0) {
			logger.info("{} messages to users were not handed to an OfflineHandler, because this node ends",
					this.waiting.get());
		}
	}

}
