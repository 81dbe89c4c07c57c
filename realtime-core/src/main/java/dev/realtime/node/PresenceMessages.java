package dev.realtime.node;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what presence has to say about a topic on its presence topic, numbered and
 * recoverable like any other message. Topics whose name leaves no room for that have no
 * events.
 */
final class PresenceMessages {

	private static final Logger logger = LoggerFactory.getLogger(PresenceMessages.class);

	private final RealtimePublisher publisher;

	PresenceMessages(RealtimePublisher publisher) {
		this.publisher = publisher;
	}

	/** A user came or went. */
	void diff(Topic topic, String event, String user) {
		CompletionStage<?> unused = publish(topic, event, "\"user\":" + quoted(user), null);
	}

	/**
	 * How many there are.
	 * @param id published once in the fleet
	 * @return whether it was published now; false when somebody else had done so
	 */
	CompletionStage<Boolean> number(Topic topic, String event, long members, String id) {
		return publish(topic, event, "\"count\":" + members, id)
			.thenApply((receipt) -> receipt != null && !receipt.duplicate());
	}

	private CompletionStage<@Nullable PublishReceipt> publish(Topic topic, String event, String what,
			@Nullable String id) {
		if (!PresenceTopics.hasEvents(topic)) {
			return CompletableFuture.completedStage(null);
		}
		Publication publication = Publication.to(PresenceTopics.of(topic))
			.content(Content.json("{\"event\":\"" + event + "\"," + what + '}'))
			.type(event)
			.id(id)
			.build();
		CompletionStage<@Nullable PublishReceipt> published = this.publisher.publish(publication)
			.thenApply((receipt) -> receipt);
		return published.whenComplete((receipt, failure) -> {
			if (failure != null) {
				logger.warn("The {} on {} could not be announced; the member list is right", event, topic, failure);
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
