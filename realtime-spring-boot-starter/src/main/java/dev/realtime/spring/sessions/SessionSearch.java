package dev.realtime.spring.sessions;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

import dev.realtime.Epochs;
import dev.realtime.loop.Loop;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for sessions on all nodes: asks the others in a signal, and gathers their answers
 * for a second. Confined to one loop, apart from {@link #find}.
 */
final class SessionSearch {

	/** How long answers are gathered. */
	static final Duration TIME = Duration.ofSeconds(1);

	private static final Logger logger = LoggerFactory.getLogger(SessionSearch.class);

	private static final String FIND = "find";

	private static final String FOUND = "found";

	/** Queries of this node that wait for answers. */
	private static final int MAX_QUERIES = 16;

	/** Most characters of an answer's page: a signal has room for a few more. */
	private static final int MAX_PAGE = 60_000;

	private static final int WORDS_BEFORE = 4;

	private static final int WORDS_EACH = 4;

	private static final String MORE = "m";

	private static final String LAST = "l";

	private final String node;

	private final LocalSessions sessions;

	private final Loop loop;

	private final BiFunction<String, String, CompletionStage<Void>> signals;

	private final boolean shared;

	private final Map<String, Query> queries = new HashMap<>();

	/**
	 * Makes a search.
	 * @param signals sends a signal of a type with a payload to the other nodes
	 * @param shared whether there are other nodes
	 */
	SessionSearch(String node, LocalSessions sessions, Loop loop,
			BiFunction<String, String, CompletionStage<Void>> signals, boolean shared) {
		this.node = node;
		this.sessions = sessions;
		this.loop = loop;
		this.signals = signals;
		this.shared = shared;
	}

	/** Any thread. */
	CompletionStage<FoundSessions> find(SessionQuery query) {
		CompletableFuture<FoundSessions> result = new CompletableFuture<>();
		if (!this.loop.tryExecute(() -> begin(query, result))) {
			result.completeExceptionally(new IllegalStateException("The node is closed"));
		}
		return result;
	}

	private void begin(SessionQuery asked, CompletableFuture<FoundSessions> result) {
		if (this.queries.size() >= MAX_QUERIES) {
			result.completeExceptionally(new IllegalStateException(
					MAX_QUERIES + " queries for sessions are in progress, which is the most allowed"));
			return;
		}
		String id = Epochs.next(this.loop.environment().secureRandom());
		Query query = new Query(asked, result, this.loop.environment().nanoTime() + TIME.toNanos());
		boolean here = asked.node() == null || asked.node().equals(this.node);
		if (here) {
			List<LocalSession> found = this.sessions.find(asked::matches, asked.limit() + 1);
			query.add(this.node, true, found.size() > asked.limit(), found.stream().map(this::info).toList());
		}
		if (!this.shared || query.isComplete()) {
			query.complete();
			return;
		}
		this.queries.put(id, query);
		CompletionStage<Void> unused = this.signals.apply(FIND, question(id, asked)).whenComplete((done, failure) -> {
			if (failure != null) {
				result.completeExceptionally(new IllegalStateException("The other nodes cannot be asked now", failure));
			}
		});
		this.loop.after(TIME, () -> expire(this.loop.environment().nanoTime()));
	}

	/** A signal of another node. */
	void heard(String type, String payload) {
		switch (type) {
			case FIND -> answer(Words.of(payload, 6));
			case FOUND -> answered(Words.of(payload, WORDS_BEFORE));
			default -> logger.debug("Ignored a signal \"{}\" of a newer node", type);
		}
	}

	/** Ends the queries whose time is over. */
	void expire(long nowNanos) {
		this.queries.values().removeIf((query) -> {
			boolean over = nowNanos - query.endNanos >= 0 || query.result.isDone();
			if (over) {
				query.complete();
			}
			return over;
		});
	}

	private static String question(String id, SessionQuery query) {
		return Words.text(List.of(id, text(query.user()), text(query.node()), text(query.address()),
				text(query.topic()), Integer.toString(query.limit())));
	}

	private void answer(List<String> words) {
		SessionQuery query = new SessionQuery(word(words.get(1)), word(words.get(2)), word(words.get(3)),
				word(words.get(4)), Integer.parseInt(words.get(5)));
		if (query.node() != null && !query.node().equals(this.node)) {
			return;
		}
		List<LocalSession> found = this.sessions.find(query::matches, query.limit() + 1);
		boolean more = found.size() > query.limit();
		List<String> page = page(words.get(0), more);
		int size = 0;
		for (LocalSession each : found.subList(0, Math.min(found.size(), query.limit()))) {
			SessionInfo info = info(each);
			List<String> next = List.of(info.id(), text(info.user()), text(info.address()),
					Long.toString(info.connectedAt().toEpochMilli()));
			int length = Words.text(next).length();
			if (size + length > MAX_PAGE) {
				send(page);
				page = page(words.get(0), more);
				size = 0;
			}
			page.addAll(next);
			size += length;
		}
		page.set(3, LAST);
		send(page);
	}

	private List<String> page(String query, boolean more) {
		return new ArrayList<>(List.of(query, this.node, more ? MORE : "", ""));
	}

	private void send(List<String> page) {
		CompletionStage<Void> unused = this.signals.apply(FOUND, Words.text(page)).whenComplete((done, failure) -> {
			if (failure != null) {
				logger.debug("Sessions could not be sent to the node that asked for them", failure);
			}
		});
	}

	private void answered(List<String> words) {
		Query query = this.queries.get(words.get(0));
		if (query == null) {
			return;
		}
		List<SessionInfo> found = new ArrayList<>();
		for (int i = WORDS_BEFORE; i + WORDS_EACH <= words.size(); i += WORDS_EACH) {
			found.add(new SessionInfo(words.get(i), words.get(1), word(words.get(i + 1)), word(words.get(i + 2)),
					Instant.ofEpochMilli(Long.parseLong(words.get(i + 3)))));
		}
		query.add(words.get(1), words.get(3).equals(LAST), words.get(2).equals(MORE), found);
		if (query.isComplete()) {
			this.queries.remove(words.get(0));
			query.complete();
		}
	}

	private SessionInfo info(LocalSession session) {
		return new SessionInfo(session.connection().id(), this.node, session.user(), session.address(),
				session.connectedAt());
	}

	/** Null and text in a text: a text has a mark before it. */
	private static String text(@Nullable String text) {
		return (text != null) ? '=' + text : "";
	}

	private static @Nullable String word(String text) {
		return text.isEmpty() ? null : text.substring(1);
	}

	/** One query and what has come. */
	private static final class Query {

		final SessionQuery asked;

		final CompletableFuture<FoundSessions> result;

		final long endNanos;

		private final List<SessionInfo> found = new ArrayList<>();

		private final Set<String> nodes = new HashSet<>();

		private boolean more;

		Query(SessionQuery asked, CompletableFuture<FoundSessions> result, long endNanos) {
			this.asked = asked;
			this.result = result;
			this.endNanos = endNanos;
		}

		void add(String node, boolean last, boolean more, List<SessionInfo> sessions) {
			int room = this.asked.limit() - this.found.size();
			this.more |= more || sessions.size() > room;
			this.found.addAll(sessions.subList(0, Math.min(room, sessions.size())));
			if (last) {
				this.nodes.add(node);
			}
		}

		/** Whether no answer can add to it. */
		boolean isComplete() {
			return this.more || (this.asked.node() != null && this.nodes.contains(this.asked.node()));
		}

		void complete() {
			boolean unused = this.result.complete(new FoundSessions(this.found, this.more, this.nodes));
		}

	}

}
