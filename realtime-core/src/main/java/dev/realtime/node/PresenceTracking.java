package dev.realtime.node;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.connection.Connection;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.connection.Subscriber;
import dev.realtime.loop.Environment;
import dev.realtime.loop.LogThrottle;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceEvent;
import dev.realtime.presence.PresenceTopics;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells presence who is on which topic, and publishes on the topic's presence topic
 * ({@code _presence.room.42}) what presence does not publish itself, numbered and
 * recoverable like any other message.
 */
final class PresenceTracking implements ConnectionListener, Presence.Listener {

	private static final Logger logger = LoggerFactory.getLogger(PresenceTracking.class);

	private final LogThrottle unpublished;

	private final Presence presence;

	private final RealtimePublisher publisher;

	PresenceTracking(Presence presence, RealtimePublisher publisher, Environment environment) {
		this.unpublished = new LogThrottle(environment);
		this.presence = presence;
		this.publisher = publisher;
	}

	void start() {
		this.presence.start(this);
	}

	/** Closes presence too; at most 5 s. */
	void close() {
		this.presence.close();
	}

	@Override
	public void onLive(Subscriber subscriber) {
		String user = trackedUser(subscriber);
		if (user != null) {
			noted(this.presence.enter(subscriber.topic(), user, subscriber.connection().id()));
		}
	}

	@Override
	public void onEnd(Subscriber subscriber) {
		Connection connection = subscriber.connection();
		String user = trackedUser(subscriber);
		if (user != null && !connection.isSubscribedTo(subscriber.topic())) {
			noted(this.presence.leave(subscriber.topic(), user, connection.id()));
		}
	}

	@Override
	public void onClosed(Connection connection) {
		// Each of its subscriptions has ended by itself.
	}

	@Override
	public CompletionStage<?> onEvent(Topic topic, PresenceEvent event) {
		if (!PresenceTopics.hasEvents(topic)) {
			return CompletableFuture.completedStage(null);
		}
		Publication publication = Publication.to(PresenceTopics.of(topic)).content(event.content()).build();
		return this.publisher.publish(publication).whenComplete((receipt, failure) -> {
			if (failure != null) {
				long since = this.unpublished.add();
				if (since > 0) {
					logger.warn("The {} event of {} could not be published; the member list itself is correct ({} "
							+ "times since this was last logged)", event.type(), topic, since, failure);
				}
			}
		});
	}

	/**
	 * The topics of the engine's own have no members, and those that watch a pattern are
	 * members of none.
	 */
	private static @Nullable String trackedUser(Subscriber subscriber) {
		boolean tracked = !subscriber.isByPattern() && subscriber.policy().presence()
				&& !subscriber.topic().isReserved();
		return tracked ? subscriber.connection().user() : null;
	}

	private static void noted(CompletionStage<Void> stage) {
		CompletionStage<Void> unused = stage.whenComplete((done, failure) -> {
			if (failure != null) {
				logger.debug("Presence could not be written; it is written when its store is available again", failure);
			}
		});
	}

}
