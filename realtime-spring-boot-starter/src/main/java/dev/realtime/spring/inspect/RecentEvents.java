package dev.realtime.spring.inspect;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.Topic;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.spring.audit.SecurityEvent;
import dev.realtime.spring.inspect.RecentEvent.Kind;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;

/**
 * What went wrong on this node lately: the last {@value #MOST} events of each kind, so
 * that many of one kind do not push out those of another. Safe for any number of threads.
 */
final class RecentEvents implements ApplicationListener<PayloadApplicationEvent<SecurityEvent>> {

	/** Most events of a kind that are kept. */
	static final int MOST = 200;

	private final Clock clock;

	@GuardedBy("events")
	private final Map<Kind, Deque<RecentEvent>> events = new EnumMap<>(Kind.class);

	RecentEvents(Clock clock) {
		this.clock = clock;
		for (Kind kind : Kind.values()) {
			this.events.put(kind, new ArrayDeque<>());
		}
	}

	/** This node closes a connection. */
	void closing(Connection connection, CloseReason reason) {
		if (!reason.equals(CloseReason.NORMAL)) {
			add(new RecentEvent(this.clock.instant(), Kind.DISCONNECT, reason.code() + " " + reason.text(),
					connection.user(), connection.id(), null, null));
		}
	}

	/** Messages of a topic are lost to subscribers of this node. */
	void gap(Topic topic, String detail) {
		add(new RecentEvent(this.clock.instant(), Kind.GAP, detail, null, null, topic.name(), null));
	}

	/** A client was refused. */
	@Override
	public void onApplicationEvent(PayloadApplicationEvent<SecurityEvent> published) {
		SecurityEvent event = published.getPayload();
		add(new RecentEvent(event.time(), Kind.REFUSAL, event.reason(), event.user(), event.session(), event.topic(),
				event.address()));
	}

	/**
	 * Returns the latest events, the latest first.
	 * @see #latest(List, Function, Function, int)
	 */
	List<RecentEvent> latest(int most) {
		List<RecentEvent> all = new ArrayList<>();
		synchronized (this.events) {
			this.events.values().forEach(all::addAll);
		}
		return latest(all, RecentEvent::kind, RecentEvent::time, most);
	}

	/**
	 * Returns the latest events, the latest first. An equal share is for each kind, so
	 * that many of one kind do not push out those of another; what a kind does not need
	 * of its share is for the latest of the others.
	 */
	static <T> List<T> latest(List<T> events, Function<T, ?> kind, Function<T, Instant> time, int most) {
		Comparator<T> latestFirst = Comparator.comparing(time).reversed();
		Map<Object, Integer> counts = new HashMap<>();
		List<T> latest = new ArrayList<>();
		List<T> others = new ArrayList<>();
		for (T event : events.stream().sorted(latestFirst).toList()) {
			boolean shared = counts.merge(kind.apply(event), 1, Integer::sum) <= most / Kind.values().length;
			(shared ? latest : others).add(event);
		}
		return Stream.concat(latest.stream(), others.stream()).limit(most).sorted(latestFirst).toList();
	}

	private void add(RecentEvent event) {
		synchronized (this.events) {
			Deque<RecentEvent> kept = this.events.get(event.kind());
			if (kept == null) {
				return;
			}
			if (kept.size() >= MOST) {
				kept.removeFirst();
			}
			kept.addLast(event);
		}
	}

}
