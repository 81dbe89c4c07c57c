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
import dev.realtime.spring.InspectorProperties;
import org.jspecify.annotations.Nullable;

/**
 * What a few users do on this node, for as long as an operator asks about them: their
 * subscriptions and how their connections end. A user is followed from the first question
 * on, until {@code realtime.inspector.follow-for} after the last one. Nothing is kept of
 * other users. Called on shards, and by threads that answer operators; does not block.
 */
final class UserActivity implements ConnectionListener {

	private final Map<String, Followed> users = new ConcurrentHashMap<>();

	private final Environment environment;

	private final Clock clock;

	private final int mostUsers;

	private final int mostEvents;

	private final Duration time;

	UserActivity(Environment environment, Clock clock, InspectorProperties properties) {
		this.environment = environment;
		this.clock = clock;
		this.mostUsers = properties.followedUsers();
		this.mostEvents = properties.followedEvents();
		this.time = properties.followFor();
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
			this.users.values().removeIf((each) -> isOver(each, now));
			if (this.users.size() >= this.mostUsers && !this.users.containsKey(user)) {
				answer.put("problem", this.mostUsers + " users are followed on this node, which is the most allowed by "
						+ "realtime.inspector.followed-users. One who is not followed any more is forgotten after "
						+ this.time.toSeconds() + " s");
				return;
			}
			followed = this.users.computeIfAbsent(user, (name) -> new Followed(this.clock.instant().toString(), now));
		}
		followed.asked(now, answer);
	}

	private boolean isOver(Followed followed, long now) {
		return now - followed.askedNanos > this.time.toNanos();
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
		if (isOver(followed, this.environment.nanoTime())) {
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
		followed.add(members, this.mostEvents);
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

		synchronized void add(Map<String, Object> event, int most) {
			this.count++;
			event.put("n", this.count);
			if (this.events.size() >= most) {
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
