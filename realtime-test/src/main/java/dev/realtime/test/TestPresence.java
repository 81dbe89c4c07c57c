package dev.realtime.test;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import dev.realtime.Topic;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceEvent;
import org.awaitility.Awaitility;

import org.springframework.context.ApplicationContext;

/** Who joins and leaves a topic; see {@link RealtimeTestClient#presence(String)}. */
public final class TestPresence {

	private static final int MOST_MEMBERS = 10_000;

	private static final Duration POLL = Duration.ofMillis(10);

	private final TestSubscription events;

	private final ApplicationContext application;

	private final Topic topic;

	TestPresence(TestSubscription events, ApplicationContext application, String topic) {
		this.events = events;
		this.application = application;
		this.topic = Topic.of(topic);
	}

	/** Waits for the next event that says that the user joined. */
	public void awaitJoin(String user) {
		await(new PresenceEvent.Join(user));
	}

	/**
	 * Waits for the next event that says that the user left, which comes after
	 * {@code realtime.presence.grace}.
	 */
	public void awaitLeave(String user) {
		await(new PresenceEvent.Leave(user));
	}

	/**
	 * Waits until the user has no connection to the topic any more, which begins the
	 * grace period.
	 */
	public void awaitAway(String user) {
		Awaitility.await(user + " has no connection to " + this.topic + " any more")
			.atMost(ClientSettings.PATIENCE)
			.pollInterval(POLL)
			.until(() -> list().stream().noneMatch((each) -> each.user().equals(user) && each.connections() > 0));
	}

	/**
	 * Returns the names of the members on all nodes. A user is one as soon as a
	 * subscription to the topic is live.
	 */
	public Set<String> members() {
		return list().stream().map(Presence.Member::user).collect(Collectors.toCollection(TreeSet::new));
	}

	private List<Presence.Member> list() {
		return this.application.getBean(Presence.class)
			.members(this.topic, MOST_MEMBERS)
			.toCompletableFuture()
			.orTimeout(ClientSettings.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
			.join();
	}

	private void await(PresenceEvent event) {
		String text = event.content().text();
		ReceivedMessage unused = this.events.awaitMessage((message) -> message.text().equals(text));
	}

	/** Returns the events themselves. */
	public TestSubscription events() {
		return this.events;
	}

}
