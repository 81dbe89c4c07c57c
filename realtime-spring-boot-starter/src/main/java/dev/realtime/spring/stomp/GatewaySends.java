package dev.realtime.spring.stomp;

import java.security.Principal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.realtime.connection.Connection;
import dev.realtime.delivery.Frame;
import dev.realtime.loop.Loop;
import dev.realtime.spring.Backlog;
import dev.realtime.spring.RefusedException;
import dev.realtime.spring.gateway.ForwardedSend;
import dev.realtime.spring.gateway.Gateway;
import dev.realtime.spring.gateway.GatewayUsers;
import dev.realtime.spring.gateway.Outcome;
import dev.realtime.stomp.StompFrames;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.util.MimeType;

/**
 * At a gateway: hands clients' SENDs to application destinations on and answers them, and
 * delivers what the application says to one session.
 */
final class GatewaySends {

	private static final Logger logger = LoggerFactory.getLogger(GatewaySends.class);

	/** Bytes of messages for sessions that wait to be delivered; more are dropped. */
	private static final int MAX_WAITING = 32 * 1_024 * 1_024;

	private final Gateway gateway;

	private final GatewayUsers users;

	private final SessionDisconnects goodbyes;

	private final MessageChannel broker;

	/** Runs what the broker channel's interceptors do. */
	private final Loop deliveries;

	private final Backlog waiting = new Backlog(Integer.MAX_VALUE, MAX_WAITING);

	private final PerConnection<List<String>> sessions;

	GatewaySends(Gateway gateway, GatewayUsers users, SessionDisconnects goodbyes, MessageChannel broker,
			Loop deliveries) {
		this.gateway = gateway;
		this.users = users;
		this.goodbyes = goodbyes;
		this.broker = broker;
		this.deliveries = deliveries;
		this.sessions = new PerConnection<>(() -> new CopyOnWriteArrayList<>(),
				(ended) -> ended.forEach(gateway::ended));
		gateway.tellSessions(this::tell);
	}

	/** Whether SENDs to the destination are handed on. */
	boolean takes(String destination) {
		return this.gateway.takes(destination);
	}

	/**
	 * Hands a SEND on; the answer comes later.
	 * @throws RefusedException when it is none that can be handed on
	 */
	void handle(Sent sent, Map<String, List<String>> headers, String destination) {
		if (!(sent.payload() instanceof byte[] body)) {
			throw new RefusedException("bad-send", "A gateway forwards byte payloads only");
		}
		Connection connection = sent.connection();
		List<String> known = this.sessions.of(connection);
		if (known.isEmpty()) {
			known.add(connection.id());
		}
		Principal user = sent.user();
		CompletionStage<Outcome> answered = this.gateway.forward(new ForwardedSend(connection.id(),
				this.users.name(user), this.users.authorities(user), destination, headers, sent.contentType(), body));
		this.goodbyes.await(connection,
				answered.whenComplete((outcome, failure) -> answer(connection, sent.frame(), destination, outcome)));
	}

	private static void answer(Connection connection, FrameHeaders frame, String destination, Outcome outcome) {
		String word = outcome.word();
		String sentence = outcome.sentence();
		if (word != null && sentence != null) {
			Refusals.refuse(connection, word, sentence, frame, destination);
		}
		else if (frame.receipt() != null) {
			connection.send(Frame.of(StompFrames.receipt(frame.receipt(), Map.of())));
		}
	}

	/** On the gateway's thread. */
	private void tell(ForwardedSend message) {
		int size = message.body().length;
		if (!this.waiting.enter(size)) {
			logger.debug("Dropped a message of the application for one session");
		}
		else if (!this.deliveries.tryExecute(() -> {
			this.waiting.leave(size);
			boolean unused = this.broker.send(message(message));
		})) {
			this.waiting.leave(size);
		}
	}

	private static Message<byte[]> message(ForwardedSend told) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(SimpMessageType.MESSAGE);
		headers.setDestination(told.destination());
		headers.setSessionId(told.sessionId());
		new LinkedHashMap<>(told.headers())
			.forEach((name, values) -> values.forEach((value) -> headers.addNativeHeader(name, value)));
		if (told.contentType() != null) {
			headers.setHeader(MessageHeaders.CONTENT_TYPE, MimeType.valueOf(told.contentType()));
		}
		return MessageBuilder.createMessage(told.body(), headers.getMessageHeaders());
	}

}
