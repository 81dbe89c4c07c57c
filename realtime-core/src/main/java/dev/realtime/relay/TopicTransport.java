package dev.realtime.relay;

import java.util.concurrent.CompletionStage;

import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicPattern;

/**
 * Brings a node what is told on the topics that it wants: of a {@link Relay}, and of a
 * broker that has one. No method blocks.
 */
public interface TopicTransport {

	/**
	 * Asks for a topic's messages. After a broken connection the transport subscribes
	 * again by itself, to every topic that is still wanted, and then calls
	 * {@link Relay.Listener#onReconnected()}.
	 * @return completes when the subscription is in force: everything announced from then
	 * on arrives, unless the connection breaks. Fails when the relay is away, or after a
	 * time limit of its own; the topic stays wanted until {@link #unsubscribe(Topic)}
	 */
	CompletionStage<Void> subscribe(Topic topic);

	/** No longer wants the topic's messages; some may still arrive. */
	CompletionStage<Void> unsubscribe(Topic topic);

	/**
	 * Asks for the messages of all topics that match, but not for signals. A message of a
	 * topic that is also subscribed to by its name may arrive once or twice, and messages
	 * of other topics may arrive as well. Confirmation, failure and broken connections
	 * are as for a topic.
	 */
	CompletionStage<Void> subscribe(TopicPattern pattern);

	/** No longer wants those messages; some may still arrive. */
	CompletionStage<Void> unsubscribe(TopicPattern pattern);

	/**
	 * Tells every node that has subscribed to the signal's topic, this one included, at
	 * most once; what is lost is lost. Past numbering and log.
	 * @return completes when it is on its way; fails when it could not be sent
	 */
	CompletionStage<Void> signal(Signal signal);

}
