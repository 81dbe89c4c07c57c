package dev.realtime.unread;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.Topic;
import dev.realtime.loop.Loop;

/**
 * Who watches what. A new watcher is not found by user or topic until the watch takes it.
 * Safe for any number of threads, except for {@link #takeNew} and {@link #tell}, which
 * belong to the watch's.
 */
final class Watchers {

	private final Loop loop;

	private final Set<Watcher> newWatchers = ConcurrentHashMap.newKeySet();

	private final Map<String, Set<Watcher>> byUser = new ConcurrentHashMap<>();

	private final Map<Topic, Set<Watcher>> byTopic = new ConcurrentHashMap<>();

	private final AtomicInteger size = new AtomicInteger();

	Watchers(Loop loop) {
		this.loop = loop;
	}

	void add(Watcher watcher) {
		this.newWatchers.add(watcher);
		this.size.incrementAndGet();
	}

	void remove(Watcher watcher) {
		if (watcher.end()) {
			this.newWatchers.remove(watcher);
			forget(watcher);
			this.size.decrementAndGet();
		}
	}

	/** Returns those who have come since the last call. */
	List<Watcher> takeNew() {
		List<Watcher> taken = new ArrayList<>();
		for (Watcher watcher : List.copyOf(this.newWatchers)) {
			put(this.byUser, watcher.user(), watcher);
			watcher.topics().forEach((topic) -> put(this.byTopic, topic, watcher));
			this.newWatchers.remove(watcher);
			if (watcher.hasEnded()) {
				// perhaps before it could be found
				forget(watcher);
			}
			else {
				taken.add(watcher);
			}
		}
		return taken;
	}

	private void forget(Watcher watcher) {
		take(this.byUser, watcher.user(), watcher);
		watcher.topics().forEach((topic) -> take(this.byTopic, topic, watcher));
	}

	int size() {
		return this.size.get();
	}

	Set<String> users() {
		return this.byUser.keySet();
	}

	Set<Topic> topics() {
		return this.byTopic.keySet();
	}

	boolean watches(UserTopic each) {
		for (Watcher watcher : this.byUser.getOrDefault(each.user(), Set.of())) {
			if (watcher.topics().contains(each.topic())) {
				return true;
			}
		}
		return false;
	}

	/** What the user watches, on any connection. */
	Set<Topic> topicsOf(String user) {
		Set<Topic> topics = new HashSet<>();
		this.byUser.getOrDefault(user, Set.of()).forEach((watcher) -> topics.addAll(watcher.topics()));
		return topics;
	}

	Set<String> usersOf(Topic topic) {
		Set<String> users = new HashSet<>();
		this.byTopic.getOrDefault(topic, Set.of()).forEach((watcher) -> users.add(watcher.user()));
		return users;
	}

	/**
	 * Tells all the user's watchers of the topic that do not know it yet. One that throws
	 * keeps the others from nothing.
	 */
	void tell(String user, Unread unread) {
		this.byUser.getOrDefault(user, Set.of()).forEach((watcher) -> this.loop.contain(() -> watcher.tell(unread)));
	}

	private static <K> void put(Map<K, Set<Watcher>> map, K key, Watcher watcher) {
		map.compute(key, (any, known) -> {
			Set<Watcher> watchers = (known != null) ? known : ConcurrentHashMap.newKeySet(2);
			watchers.add(watcher);
			return watchers;
		});
	}

	private static <K> void take(Map<K, Set<Watcher>> map, K key, Watcher watcher) {
		map.computeIfPresent(key, (any, watchers) -> {
			watchers.remove(watcher);
			return watchers.isEmpty() ? null : watchers;
		});
	}

}
