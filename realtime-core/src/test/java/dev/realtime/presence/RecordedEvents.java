package dev.realtime.presence;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.Topic;

/** What all listeners of a fleet heard. */
public final class RecordedEvents implements Presence.Listener {

	private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();

	private final List<String> all = new CopyOnWriteArrayList<>();

	private final List<Long> numbers = new CopyOnWriteArrayList<>();

	@Override
	public void onJoin(Topic topic, String user, long members) {
		this.numbers.add(members);
		add("+", topic, user);
	}

	@Override
	public void onLeave(Topic topic, String user, long members) {
		this.numbers.add(members);
		add("-", topic, user);
	}

	public int joins(Topic topic, String user) {
		return count("+", topic, user);
	}

	public int leaves(Topic topic, String user) {
		return count("-", topic, user);
	}

	/** How many members each event told of, in the order of hearing. */
	public List<Long> numbers() {
		return this.numbers;
	}

	/** Everything about one user, in the order of hearing: {@code "+-+"}. */
	public String of(Topic topic, String user) {
		StringBuilder signs = new StringBuilder();
		for (String event : this.all) {
			if (event.substring(1).equals(name(topic, user))) {
				signs.append(event.charAt(0));
			}
		}
		return signs.toString();
	}

	private void add(String sign, Topic topic, String user) {
		this.all.add(sign + name(topic, user));
		this.counts.computeIfAbsent(sign + name(topic, user), (key) -> new AtomicInteger()).incrementAndGet();
	}

	private int count(String sign, Topic topic, String user) {
		AtomicInteger count = this.counts.get(sign + name(topic, user));
		return (count != null) ? count.get() : 0;
	}

	private static String name(Topic topic, String user) {
		return topic.name() + ' ' + user;
	}

}
