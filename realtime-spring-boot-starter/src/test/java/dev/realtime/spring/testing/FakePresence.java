package dev.realtime.spring.testing;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.Topic;
import dev.realtime.presence.Presence;

/** Users and their connections, the same on every topic. */
public final class FakePresence implements Presence {

	private final TreeMap<String, Integer> users = new TreeMap<>();

	@Override
	public void start(Listener listener) {
		// nothing to start
	}

	@Override
	public CompletionStage<Void> enter(Topic topic, String user, String connection) {
		this.users.merge(user, 1, Integer::sum);
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public CompletionStage<Void> leave(Topic topic, String user, String connection) {
		this.users.remove(user);
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public CompletionStage<List<Member>> members(Topic topic, int limit) {
		return CompletableFuture.completedFuture(this.users.entrySet()
			.stream()
			.limit(limit)
			.map((entry) -> new Member(entry.getKey(), entry.getValue()))
			.toList());
	}

	@Override
	public CompletionStage<Long> count(Topic topic) {
		return CompletableFuture.completedFuture((long) this.users.size());
	}

	@Override
	public CompletionStage<Set<String>> present(Topic topic, Collection<String> asked) {
		Set<String> present = new TreeSet<>(asked);
		present.retainAll(this.users.keySet());
		return CompletableFuture.completedFuture(present);
	}

	@Override
	public void close() {
		// nothing to close
	}

}
