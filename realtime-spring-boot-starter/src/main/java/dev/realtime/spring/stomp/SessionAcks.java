package dev.realtime.spring.stomp;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.MessageBuilder;

/**
 * Answers the begin and the end of sessions through the channel to clients, so that its
 * interceptors see them and Spring publishes its events. Safe for any number of threads.
 */
final class SessionAcks {

	private static final byte[] NO_PAYLOAD = {};

	private final MessageChannel outbound;

	SessionAcks(MessageChannel outbound) {
		this.outbound = outbound;
	}

	/** Answers CONNECT; the client gets CONNECTED. */
	void connected(Message<?> connect, String sessionId, Heartbeat server) {
		SimpMessageHeaderAccessor ack = ack(SimpMessageType.CONNECT_ACK, connect, sessionId);
		ack.setHeader(SimpMessageHeaderAccessor.CONNECT_MESSAGE_HEADER, connect);
		ack.setHeader(SimpMessageHeaderAccessor.HEART_BEAT_HEADER,
				new long[] { server.sendMillis(), server.expectMillis() });
		send(ack);
	}

	/**
	 * Answers Spring's message that a socket is closed, for the interceptors. Nothing is
	 * released here: the message may not come; see {@link PerConnection}.
	 */
	void disconnected(Message<?> disconnect, String sessionId) {
		SimpMessageHeaderAccessor ack = ack(SimpMessageType.DISCONNECT_ACK, disconnect, sessionId);
		ack.setHeader(SimpMessageHeaderAccessor.DISCONNECT_MESSAGE_HEADER, disconnect);
		send(ack);
	}

	private static SimpMessageHeaderAccessor ack(SimpMessageType type, Message<?> answered, String sessionId) {
		SimpMessageHeaderAccessor ack = SimpMessageHeaderAccessor.create(type);
		ack.setSessionId(sessionId);
		ack.setUser(SimpMessageHeaderAccessor.getUser(answered.getHeaders()));
		return ack;
	}

	private void send(SimpMessageHeaderAccessor headers) {
		this.outbound.send(MessageBuilder.createMessage(NO_PAYLOAD, headers.getMessageHeaders()));
	}

}
