package dev.realtime.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.Topic;
import dev.realtime.connection.Subscriber;
import dev.realtime.presence.Presence;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContext;

/**
 * Connections of clients that end, until the application has nothing of them any more:
 * the node has no connection and no session, listeners have heard of the session's end
 * (for a second at most, in case one of them throws), and the user has left the
 * connection's topics, if that takes no grace period.
 */
final class Departures {

	private static final Duration POLL = Duration.ofMillis(1);

	private static final int MOST_MEMBERS = 10_000;

	@GuardedBy("this")
	private final List<Departure> all = new ArrayList<>();

	/** The connection is about to end. */
	synchronized void add(ServerSide connection) {
		this.all.removeIf(Departure::isOver);
		this.all.add(Departure.of(connection));
	}

	/**
	 * Waits until nothing is left of them, and forgets them.
	 * @throws AssertionError if something is left after the patience
	 */
	void await(Duration patience) {
		List<Departure> leaving;
		synchronized (this) {
			leaving = List.copyOf(this.all);
			this.all.clear();
		}
		try {
			Awaitility.await()
				.atMost(patience)
				.pollDelay(Duration.ZERO)
				.pollInterval(POLL)
				.until(() -> leaving.stream().allMatch(Departure::isOver));
		}
		catch (ConditionTimeoutException ex) {
			throw new AssertionError(
					"Clients of the test were closed, but the application still has " + leaving.stream()
						.filter((each) -> !each.isOver())
						.map(Departure::toString)
						.collect(Collectors.joining(", ")) + " after " + Durations.text(patience),
					ex);
		}
	}

	/**
	 * One connection.
	 *
	 * @param memberOf the topics that its user leaves at once
	 * @param closed whether its socket is closed
	 */
	private record Departure(ServerSide connection, List<Topic> memberOf, AtomicBoolean closed) {

		static Departure of(ServerSide connection) {
			AtomicBoolean closed = new AtomicBoolean();
			connection.connection().whenClosed(() -> closed.set(true));
			return new Departure(connection, topics(connection), closed);
		}

		private static List<Topic> topics(ServerSide connection) {
			return hasGrace(connection.application()) ? List.of()
					: connection.connection()
						.subscribers()
						.stream()
						.filter(Departure::isMember)
						.map(Subscriber::topic)
						.toList();
		}

		private static boolean hasGrace(ApplicationContext application) {
			return !Binder.get(application.getEnvironment())
				.bind("realtime.presence.grace", Duration.class)
				.map(Duration::isZero)
				.orElse(false);
		}

		private static boolean isMember(Subscriber subscriber) {
			return subscriber.policy().presence() && !subscriber.isByPattern() && !subscriber.topic().isReserved()
					&& subscriber.connection().user() != null;
		}

		boolean isOver() {
			return this.connection.isEnded() || (this.connection.isGone() && this.closed.get() && isHeard()
					&& this.memberOf.stream().noneMatch(this::isLeaving));
		}

		/** Where the kit listens, whether all listeners have heard of the end. */
		private boolean isHeard() {
			EndedSessions ended = this.connection.application().getBeanProvider(EndedSessions.class).getIfAvailable();
			return ended == null || ended.contains(this.connection.connection().id());
		}

		/** Whether the user is a member without a connection, which ends soon. */
		private boolean isLeaving(Topic topic) {
			String user = this.connection.connection().user();
			try {
				return this.connection.application()
					.getBean(Presence.class)
					.members(topic, MOST_MEMBERS)
					.toCompletableFuture()
					.orTimeout(ClientSettings.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
					.join()
					.stream()
					.anyMatch((each) -> each.connections() == 0 && each.user().equals(user));
			}
			catch (CompletionException ex) {
				// The test has stopped the server that knows the members.
				return false;
			}
		}

		@Override
		public String toString() {
			String user = this.connection.connection().user();
			return "the connection of " + ((user != null) ? user : "a client without a user") + " (session "
					+ this.connection.connection().id() + ")";
		}

	}

}
