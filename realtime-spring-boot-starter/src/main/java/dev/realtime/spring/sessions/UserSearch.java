package dev.realtime.spring.sessions;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;

import dev.realtime.Epochs;
import dev.realtime.loop.Loop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds which of some users are connected to any node: asks the other nodes in signals,
 * and gathers their answers for a second, or for longer where signals take longer. A node
 * that knows none of the users does not answer, so a query fails if an answer may have
 * been missed. Confined to one loop, apart from {@link #find} and {@link #arrived}.
 */
final class UserSearch {

	/** How long answers are gathered at least. */
	static final Duration TIME = Duration.ofSeconds(1);

	/** Most users of one query. */
	static final int MAX_USERS = 10_000;

	/** Longest name, in characters. */
	static final int MAX_NAME = 1_024;

	/** Signals that came and wait to be read. */
	static final int MAX_WAITING = 256;

	static final String ASK = "users";

	static final String ANSWER = "users-found";

	private static final Logger logger = LoggerFactory.getLogger(UserSearch.class);

	/** Queries of this node that wait for answers. */
	private static final int MAX_QUERIES = 16;

	/** Most characters of the names in a signal, which has room for a few more. */
	private static final int MAX_PAGE = 60_000;

	/** What a name takes besides its characters at most: its length and a colon. */
	private static final int LENGTH_AND_COLON = 5;

	private final LocalSessions sessions;

	private final Loop loop;

	private final BiFunction<String, String, CompletionStage<Void>> signals;

	private final boolean shared;

	private final LongSupplier link;

	private final Duration time;

	private final Map<String, Query> queries = new HashMap<>();

	/** What answers to queries of this node begin with. */
	private final Set<String> awaited = ConcurrentHashMap.newKeySet();

	private final AtomicInteger waiting = new AtomicInteger();

	/** Answers for which there was no room. */
	private final AtomicLong lost = new AtomicLong();

	/**
	 * Makes a search.
	 * @param signals sends a signal of a type with a payload to the other nodes
	 * @param shared whether there are other nodes
	 * @param link says which connection to the other nodes this is, each with a higher
	 * number than the one before; negative while there is none
	 * @param time how long answers are gathered
	 */
	UserSearch(LocalSessions sessions, Loop loop, BiFunction<String, String, CompletionStage<Void>> signals,
			boolean shared, LongSupplier link, Duration time) {
		this.sessions = sessions;
		this.loop = loop;
		this.signals = signals;
		this.shared = shared;
		this.link = link;
		this.time = time;
	}

	/** Whether signals of a type are for this. */
	static boolean isOwn(String type) {
		return type.equals(ASK) || type.equals(ANSWER);
	}

	/** Any thread. */
	CompletionStage<Set<String>> find(Collection<String> users) {
		Set<String> wanted = Set.copyOf(users);
		if (wanted.size() > MAX_USERS) {
			throw new IllegalArgumentException("A query has at most " + MAX_USERS + " users, not " + wanted.size());
		}
		if (wanted.stream().anyMatch((user) -> user.length() > MAX_NAME)) {
			throw new IllegalArgumentException("A user's name has at most " + MAX_NAME + " characters");
		}
		CompletableFuture<Set<String>> result = new CompletableFuture<>();
		if (!this.loop.tryExecute(() -> begin(new Query(wanted, result)))) {
			result.completeExceptionally(new IllegalStateException("The node is closed"));
		}
		return result;
	}

	private void begin(Query query) {
		try {
			query.add(this.sessions.usersAmong(query.wanted));
			if (!this.shared || query.isComplete()) {
				query.complete();
			}
			else if (this.queries.size() >= MAX_QUERIES) {
				query.result.completeExceptionally(
						new IllegalStateException(MAX_QUERIES + " queries for users are under way, the most allowed"));
			}
			else {
				ask(query);
			}
		}
		catch (Throwable ex) {
			query.result.completeExceptionally(ex);
			throw ex;
		}
	}

	private void ask(Query query) {
		query.since = unbroken();
		if (query.since < 0) {
			query.fail();
			return;
		}
		String id = Epochs.next(this.loop.environment().secureRandom());
		this.queries.put(id, query);
		this.awaited.add(beginning(id));
		this.loop.after(this.time, () -> end(id));
		for (List<String> page : pages(id, query.missing())) {
			CompletionStage<Void> unused = this.signals.apply(ASK, Words.text(page)).whenComplete((done, failure) -> {
				if (failure != null) {
					query.result.completeExceptionally(
							new IllegalStateException("The other nodes cannot be asked now", failure));
				}
			});
		}
	}

	private void end(String id) {
		this.awaited.remove(beginning(id));
		Query query = this.queries.remove(id);
		if (query == null) {
			return;
		}
		if (query.isComplete() || unbroken() == query.since) {
			query.complete();
		}
		else {
			query.fail();
		}
	}

	/**
	 * Returns a number that changes when an answer may have been missed; negative while
	 * none can come.
	 */
	private long unbroken() {
		long now = this.link.getAsLong();
		return (now < 0) ? now : now + this.lost.get();
	}

	private static String beginning(String id) {
		return Words.text(List.of(id));
	}

	/**
	 * A signal of another node. Called on the relay's thread. Answers go to all nodes:
	 * those that no query of this node waits for are dropped at once.
	 */
	void arrived(String type, String payload) {
		boolean answer = type.equals(ANSWER);
		if (answer && this.awaited.stream().noneMatch(payload::startsWith)) {
			return;
		}
		if (this.waiting.incrementAndGet() > MAX_WAITING || !this.loop.tryExecute(() -> {
			this.waiting.decrementAndGet();
			heard(type, payload);
		})) {
			this.waiting.decrementAndGet();
			if (answer) {
				this.lost.incrementAndGet();
			}
		}
	}

	private void heard(String type, String payload) {
		List<String> words = Words.of(payload, 1);
		String id = words.get(0);
		List<String> users = words.subList(1, words.size());
		if (type.equals(ASK)) {
			answer(id, this.sessions.usersAmong(Set.copyOf(users)));
			return;
		}
		Query query = this.queries.get(id);
		if (query != null) {
			query.add(users);
			if (query.isComplete()) {
				end(id);
			}
		}
	}

	private void answer(String id, Set<String> found) {
		if (found.isEmpty()) {
			return;
		}
		List<String> words = new ArrayList<>(List.of(id));
		words.addAll(found);
		CompletionStage<Void> unused = this.signals.apply(ANSWER, Words.text(words)).whenComplete((done, failure) -> {
			if (failure != null) {
				logger.debug("Connected users could not be sent to the node that asked for them", failure);
			}
		});
	}

	/** Returns the names in parts that fit into a signal, each after the id. */
	static List<List<String>> pages(String id, Collection<String> users) {
		List<List<String>> pages = new ArrayList<>();
		List<String> page = new ArrayList<>(List.of(id));
		int size = 0;
		for (String user : users) {
			int length = user.length() + LENGTH_AND_COLON;
			if (size + length > MAX_PAGE) {
				pages.add(page);
				page = new ArrayList<>(List.of(id));
				size = 0;
			}
			page.add(user);
			size += length;
		}
		pages.add(page);
		return pages;
	}

	/** One query and what has come. */
	private static final class Query {

		final Set<String> wanted;

		final CompletableFuture<Set<String>> result;

		private final Set<String> found = new HashSet<>();

		/** See {@link UserSearch#unbroken}. */
		long since;

		Query(Set<String> wanted, CompletableFuture<Set<String>> result) {
			this.wanted = wanted;
			this.result = result;
		}

		void add(Collection<String> users) {
			users.stream().filter(this.wanted::contains).forEach(this.found::add);
		}

		/** Whether no answer can add to it. */
		boolean isComplete() {
			return this.found.size() == this.wanted.size();
		}

		List<String> missing() {
			return this.wanted.stream().filter((user) -> !this.found.contains(user)).toList();
		}

		void complete() {
			boolean unused = this.result.complete(Set.copyOf(this.found));
		}

		void fail() {
			boolean unused = this.result
				.completeExceptionally(new IllegalStateException("Answers of other nodes may have been missed"));
		}

	}

}
