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
import java.util.function.Function;

import dev.realtime.TopicMessage;
import dev.realtime.loop.Loop;
import dev.realtime.loop.LogThrottle;
import dev.realtime.spring.Backlog;
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

	/** An answer that has not come by then counts as none; longer than any question. */
	private static final Duration PATIENCE = Duration.ofSeconds(30);

	/** How long a message waits while the fleet cannot be asked. */
	private static final Duration GIVE_UP = Duration.ofMinutes(1);

	/** Most bytes of the payloads of messages that have not ended. */
	static final long MAX_BYTES = 64 * 1024 * 1024;

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
	private final Backlog waiting;

	private final Deque<Pending> pending = new ArrayDeque<>();

	/** Counts questions and their ends: an answer to an earlier one changes nothing. */
	private long question;

	/** When the last question was asked. */
	private long askedNanos;

	/** Whether a question is under way, or will be asked by itself. */
	private boolean active;

	/** Ends the question if no answer comes. */
	private Loop.@Nullable Delayed patience;

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
		this.waiting = new Backlog(properties.queue(), MAX_BYTES);
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
		boolean entered = false;
		boolean accepted = false;
		try {
			Pending pending = new Pending(user, destination, message, this.loop.environment().nanoTime());
			entered = this.waiting.enter(pending.bytes());
			accepted = entered && this.loop.tryExecute(() -> add(pending));
		}
		catch (Throwable ex) {
			this.loop.failed(ex);
		}
		if (!accepted) {
			if (entered) {
				this.waiting.leave(message.content().size());
			}
			overflow();
		}
	}

	/** How many messages wait. */
	int waiting() {
		return this.waiting.count();
	}

	OfflineCounts counts() {
		return this.counts;
	}

	private void overflow() {
		this.counts.add(Outcome.DROPPED);
		long since = this.overflows.add(!this.loop.isClosed());
		if (since > 0) {
			logger.warn("{} messages to users were not checked for an OfflineHandler since this was last logged, "
					+ "because realtime.offline.queue ({}) of them or 64 MB waited", since, this.most);
		}
	}

	private void end(Pending message, Outcome outcome) {
		this.counts.add(outcome);
		this.waiting.leave(message.bytes());
	}

	/**
	 * Takes a step with a message; one that fails keeps no other from its own. A step
	 * ends the message or keeps it as the last thing it does.
	 */
	private void contain(Pending message, Runnable step) {
		if (!this.loop.contain(step)) {
			end(message, Outcome.UNKNOWN);
		}
	}

	private void add(Pending message) {
		if (message.user.length() > MAX_NAME) {
			end(message, Outcome.UNKNOWN);
			return;
		}
		contain(message, () -> this.pending.add(message));
		if (!this.active) {
			askSoon();
		}
	}

	private void ask() {
		long number = ++this.question;
		this.askedNanos = this.loop.environment().nanoTime();
		List<Pending> asked = List.of();
		try {
			Set<String> users = new HashSet<>();
			asked = take(users);
			ask(number, users, asked);
		}
		catch (Throwable ex) {
			this.loop.failed(ex);
			answered(number, asked, null, ex);
		}
	}

	/** Takes the messages to as many users as fit into a question; none if it throws. */
	private List<Pending> take(Set<String> users) {
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
		return asked;
	}

	private void ask(long number, Set<String> users, List<Pending> asked) {
		this.patience = this.loop.after(PATIENCE,
				() -> answered(number, asked, null, new TimeoutException("No answer within " + PATIENCE)));
		CompletionStage<Set<String>> unused = this.connected.apply(users)
			.whenComplete((online, failure) -> this.loop.execute(() -> answered(number, asked, online, failure)));
	}

	private void answered(long number, List<Pending> asked, @Nullable Set<String> online, @Nullable Throwable failure) {
		if (number != this.question) {
			return;
		}
		this.question++;
		try {
			if (this.patience != null) {
				this.patience.cancel();
			}
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
		asked.forEach((each) -> contain(each, () -> {
			if (online.contains(each.user)) {
				end(each, Outcome.CONNECTED);
			}
			else if (each.missed) {
				gone.add(each);
			}
			else {
				each.missed = true;
				this.pending.add(each);
			}
		}));
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
		asked.forEach((each) -> contain(each, () -> {
			if (now - each.sinceNanos > GIVE_UP.toNanos()) {
				end(each, Outcome.UNKNOWN);
			}
			else {
				this.pending.add(each);
			}
		}));
	}

	/** At once, or when the last question is a second old. */
	private void askSoon() {
		this.active = false;
		if (!this.pending.isEmpty()) {
			long left = PAUSE.toNanos() - (this.loop.environment().nanoTime() - this.askedNanos);
			this.loop.after(Duration.ofNanos(Math.max(0, left)), this::ask);
			this.active = true;
		}
	}

	private void hand(Pending message, OptionalLong unread) {
		boolean accepted = false;
		try {
			accepted = this.calls.tryExecute(() -> call(message, unread));
		}
		finally {
			if (!accepted) {
				end(message, Outcome.DROPPED);
			}
		}
	}

	private void call(Pending message, OptionalLong unread) {
		Outcome outcome = Outcome.FAILED;
		try {
			outcome = call(message.with(unread));
		}
		finally {
			end(message, outcome);
		}
	}

	private Outcome call(OfflineMessage message) {
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
		return outcome;
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
		if (waiting() > 0) {
			logger.info("{} messages to users were not handed to an OfflineHandler, because this node ends", waiting());
		}
	}

}
