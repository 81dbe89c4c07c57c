package dev.realtime.spring.stomp;

import java.security.Principal;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.connection.Connection;
import dev.realtime.delivery.Frame;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.ClientInput;
import dev.realtime.spring.TypingProperties;
import dev.realtime.spring.publisher.RealtimeSignals;
import dev.realtime.spring.security.TopicAuthorization;
import dev.realtime.spring.security.TopicRight;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;

/**
 * A client's word that its user types: a SEND to {@value #TYPING}, which becomes a signal
 * to everybody else on the topic. No topic itself, and application code does not see it.
 * One frame of a session after the other, any number of sessions at once.
 */
final class TypingFrames {

	/** Where a client says that its user types. */
	static final String TYPING = "/realtime/typing";

	private static final Logger logger = LoggerFactory.getLogger(TypingFrames.class);

	private final RealtimeNode node;

	private final RealtimeSignals signals;

	private final Supplier<TopicAuthorization> access;

	private final TypingProperties properties;

	private final PerConnection<TypingThrottle> paces;

	/**
	 * Makes the door.
	 * @param access who may read a topic without being subscribed
	 */
	TypingFrames(RealtimeNode node, RealtimeSignals signals, Supplier<TopicAuthorization> access,
			TypingProperties properties) {
		this.node = node;
		this.signals = signals;
		this.access = access;
		this.properties = properties;
		this.paces = new PerConnection<>(() -> new TypingThrottle(properties.interval().toNanos()), (pace) -> {
		});
	}

	/** Tells the others, unless that was told just now or they are too many. */
	void handle(Message<?> message, Connection connection) {
		FrameHeaders frame = FrameHeaders.of(message);
		String user = connection.user();
		if (user == null) {
			refuse(connection, frame, "no-user", "Log in first: typing is announced with the user's name");
			return;
		}
		String name = frame.get("topic");
		String typing = frame.get("typing");
		if (name == null || typing == null || !(typing.equals("true") || typing.equals("false"))) {
			refuse(connection, frame, "bad-typing",
					"SEND to " + TYPING + " needs the headers topic, and typing with the value true or false");
			return;
		}
		Topic topic = ClientInput.topic("bad-typing", name);
		if (!mayType(SimpMessageHeaderAccessor.getUser(message.getHeaders()), connection, topic)) {
			refuse(connection, frame, "no-access", "You may not read topic \"" + topic + '"');
			return;
		}
		if (this.paces.of(connection).passes(topic, typing.equals("true"), System.nanoTime())) {
			tell(new Signal(topic, "typing", user, "{\"typing\":" + typing + '}', connection.id()));
		}
		String receipt = frame.receipt();
		if (receipt != null) {
			connection.send(Frame.of(StompFrames.receipt(receipt, Map.of())));
		}
	}

	/**
	 * A subscription has been decided about already. Topics of the engine's own are
	 * nowhere to type on.
	 */
	private boolean mayType(@Nullable Principal user, Connection connection, Topic topic) {
		return !topic.isReserved() && (connection.isSubscribedTo(topic)
				|| this.access.get().decide(TopicRight.READ, user, topic).granted());
	}

	private void tell(Signal signal) {
		CompletionStage<Void> unused = members(signal.topic())
			.thenCompose((members) -> (members <= this.properties.maxMembers()) ? this.signals.send(signal)
					: CompletableFuture.completedStage(null))
			.whenComplete((done, failure) -> {
				if (failure != null) {
					logger.debug("A typing signal on {} could not be sent", signal.topic(), failure);
				}
			});
	}

	/** Without presence only the subscriptions of this node are known. */
	private CompletionStage<Long> members(Topic topic) {
		try {
			return this.node.policies().of(topic).presence() ? this.node.presence().count(topic)
					: CompletableFuture.completedStage((long) this.node.hub().subscribers(topic));
		}
		catch (IllegalStateException ex) {
			return CompletableFuture.failedStage(ex);
		}
	}

	private static void refuse(Connection connection, FrameHeaders frame, String reason, String message) {
		Refusals.refuse(connection, reason, message, frame, TYPING);
	}

}
