package dev.realtime.spring.inspect;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.connection.Subscriber;
import dev.realtime.loop.Environment;
import org.jspecify.annotations.Nullable;

/**
 * What a few users do on this node, for as long as an operator asks about them: their
 * subscriptions and how their connections end. A user is followed from the first question
 * on, until {@link #TIME} after the last one. Nothing is kept of other users. Called on
 * shards, and by whoever asks; does not block.
 */
final class UserActivity implements ConnectionListener {

	/** How long a user is followed after the last question. */
	static final Duration TIME = Duration.ofSeconds(30);

	/** Most users that are followed at once. */
	static final int MOST_USERS = 8;

	/** Most events of a user that are kept: the latest. */
	static final int MOST_EVENTS = 50;

	private final Map<String, Followed> users = new ConcurrentHashMap<>();

	private final Environment environment;

	private final Clock clock;

	UserActivity(Environment environment, Clock clock) {
		this.environment = environment;
		this.clock = clock;
	}

	/**
	 * Adds what the user has done since the first question, and follows on.
	 * @param answer gets {@code since}, {@code events} and {@code missed}, or a
	 * {@code problem} if too many users are followed
	 */
	void answer(String user, Map<String, Object> answer) {
		long now = this.environment.nanoTime();
		Followed followed;
		synchronized (this) {
			this.users.values().removeIf((each) -> each.isOver(now));
			if (this.users.size() >= MOST_USERS && !this.users.containsKey(user)) {
				answer.put("problem", MOST_USERS + " users are followed on this node, which is the most allowed. "
						+ "One who is not followed any more is forgotten after " + TIME.toSeconds() + " s");
				return;
			}
			followed = this.users.computeIfAbsent(user, (name) -> new Followed(this.clock.instant().toString(), now));
		}
		followed.asked(now, answer);
	}

	/** Whether any user is followed. */
	boolean isFollowing() {
		return !this.users.isEmpty();
	}

	@Override
	public void onLive(Subscriber subscriber) {
		note(subscriber.connection(), "subscribed", subscriber.topic().name(), null);
	}

	@Override
	public void onEnd(Subscriber subscriber) {
		note(subscriber.connection(), "unsubscribed", subscriber.topic().name(), null);
	}

	/** This node closes a connection. */
	void closing(Connection connection, CloseReason reason) {
		note(connection, "closing", null, (reason.code() + " " + reason.text()).trim());
	}

	@Override
	public void onClosed(Connection connection) {
		note(connection, "disconnected", null, null);
	}

	private void note(Connection connection, String event, @Nullable String topic, @Nullable String reason) {
		if (this.users.isEmpty()) {
			return;
		}
		String user = connection.user();
		Followed followed = (user != null) ? this.users.get(user) : null;
		if (followed == null) {
			return;
		}
		if (followed.isOver(this.environment.nanoTime())) {
			this.users.remove(user, followed);
			return;
		}
		Map<String, Object> members = new LinkedHashMap<>();
		members.put("time", this.clock.instant().toString());
		members.put("event", event);
		members.put("connection", connection.id());
		if (topic != null) {
			members.put("topic", topic);
		}
		if (reason != null) {
			members.put("reason", reason);
		}
		followed.add(members);
	}

	/** The latest events of one user. */
	private static final class Followed {

		private final String since;

		@GuardedBy("this")
		private final Deque<Map<String, Object>> events = new ArrayDeque<>();

		@GuardedBy("this")
		private long count;

		private volatile long askedNanos;

		Followed(String since, long askedNanos) {
			this.since = since;
			this.askedNanos = askedNanos;
		}

		boolean isOver(long now) {
			return now - this.askedNanos > TIME.toNanos();
		}

		synchronized void add(Map<String, Object> event) {
			this.count++;
			event.put("n", this.count);
			if (this.events.size() >= MOST_EVENTS) {
				this.events.removeFirst();
			}
			this.events.addLast(event);
		}

		synchronized void asked(long now, Map<String, Object> answer) {
			this.askedNanos = now;
			List<Map<String, Object>> latest = new ArrayList<>(this.events);
			answer.put("since", this.since);
			answer.put("events", latest);
			answer.put("missed", this.count - latest.size());
		}

	}

}
