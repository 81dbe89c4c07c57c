package dev.realtime.node;

import java.util.concurrent.CompletionStage;

import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.hub.Connection;
import dev.realtime.hub.HubListener;
import dev.realtime.hub.Subscriber;
import dev.realtime.presence.Presence;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells presence who is on which topic, and everybody else what presence found: joins and
 * leaves are published on the topic's presence topic ({@code _presence.room.42}), or,
 * where members are too many, their number.
 */
final class PresenceTracking implements HubListener, Presence.Listener {

	private static final Logger logger = LoggerFactory.getLogger(PresenceTracking.class);

	private final Presence presence;

	private final PresenceMessages messages;

	private final CrowdCounts crowds;

	private final int maxDiffs;

	PresenceTracking(Presence presence, RealtimePublisher publisher, PresenceLimits limits) {
		this.presence = presence;
		this.messages = new PresenceMessages(publisher);
		this.crowds = new CrowdCounts(presence, this.messages, limits);
		this.maxDiffs = limits.maxDiffs();
	}

	void start() {
		this.presence.start(this);
		this.crowds.start();
	}

	/** Closes presence too; at most 5.5 s. */
	void close() {
		this.crowds.close();
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
	public void onJoin(Topic topic, String user, long members) {
		if (members > this.maxDiffs) {
			this.crowds.changed(topic, members);
		}
		else {
			this.messages.diff(topic, "join", user);
		}
	}

	@Override
	public void onLeave(Topic topic, String user, long members) {
		if (members > this.maxDiffs) {
			this.crowds.changed(topic, members);
		}
		else if (members == this.maxDiffs) {
			this.crowds.fell(topic);
		}
		else {
			this.messages.diff(topic, "leave", user);
		}
	}

	/** The topics of the engine's own have no members. */
	private static @Nullable String trackedUser(Subscriber subscriber) {
		boolean tracked = subscriber.policy().presence() && !subscriber.topic().isReserved();
		return tracked ? subscriber.connection().user() : null;
	}

	private static void noted(CompletionStage<Void> stage) {
		CompletionStage<Void> unused = stage.whenComplete((done, failure) -> {
			if (failure != null) {
				logger.debug("Presence will be written when its store is back", failure);
			}
		});
	}

}
