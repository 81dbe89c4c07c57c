package dev.realtime.node;

import java.util.concurrent.CompletionStage;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
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
 * leaves are published on the topic's presence topic ({@code _presence.room.42}),
 * numbered and recoverable like any other message.
 */
final class PresenceTracking implements HubListener, Presence.Listener {

	private static final Logger logger = LoggerFactory.getLogger(PresenceTracking.class);

	private final Presence presence;

	private final RealtimePublisher publisher;

	PresenceTracking(Presence presence, RealtimePublisher publisher) {
		this.presence = presence;
		this.publisher = publisher;
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
	public void onJoin(Topic topic, String user) {
		publish(topic, user, "join");
	}

	@Override
	public void onLeave(Topic topic, String user) {
		publish(topic, user, "leave");
	}

	/** The topics of the engine's own have no members. */
	private static @Nullable String trackedUser(Subscriber subscriber) {
		boolean tracked = subscriber.policy().presence() && !subscriber.topic().isReserved();
		return tracked ? subscriber.connection().user() : null;
	}

	private void publish(Topic topic, String user, String event) {
		if (topic.name().length() + PresenceTopics.PREFIX.length() > Topic.MAX_LENGTH) {
			return;
		}
		Publication publication = Publication.to(PresenceTopics.of(topic))
			.content(Content.json("{\"event\":\"" + event + "\",\"user\":" + quoted(user) + "}"))
			.type(event)
			.build();
		CompletionStage<PublishReceipt> unused = this.publisher.publish(publication)
			.whenComplete((receipt, failure) -> {
				if (failure != null) {
					logger.warn("The {} of a user on {} could not be announced; the member list is right", event, topic,
							failure);
				}
			});
	}

	private static void noted(CompletionStage<Void> stage) {
		CompletionStage<Void> unused = stage.whenComplete((done, failure) -> {
			if (failure != null) {
				logger.debug("Presence will be written when its store is back", failure);
			}
		});
	}

	private static String quoted(String text) {
		StringBuilder json = new StringBuilder("\"");
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c == '"' || c == '\\') {
				json.append('\\').append(c);
			}
			else if (c < ' ' || c == '\u2028' || c == '\u2029' || c == '<') {
				json.append(String.format("\\u%04x", (int) c));
			}
			else {
				json.append(c);
			}
		}
		return json.append('"').toString();
	}

}
