package dev.realtime.spring.stomp;

import java.security.Principal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import dev.realtime.connection.Connection;
import dev.realtime.delivery.Frame;
import dev.realtime.hub.Hub;
import dev.realtime.spring.Incident;
import dev.realtime.spring.RefusedException;
import dev.realtime.spring.security.ConnectRefusedException;
import dev.realtime.spring.security.TokenGrants;
import dev.realtime.spring.security.TopicAuthorization;
import dev.realtime.spring.sessions.Refusal;
import dev.realtime.spring.sessions.SessionDoor;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageHeaderAccessor;

/**
 * Renews the credentials of an open connection: a SEND to {@value #AUTH} with headers as
 * CONNECT has them. The new credentials must be of the same user. If they are refused,
 * the connection goes on as it was, until its old ones end.
 * <p>
 * Called where CONNECT is authenticated, on the thread that brings the connection's
 * frames. So there is one renewal of a connection at a time, and the next frame waits for
 * it and has the new user.
 */
final class Renewals {

	/** Where a client sends its new credentials. */
	static final String AUTH = "/realtime/auth";

	/** The credentials could not be checked. */
	static final String UNCHECKED = "credentials-unchecked";

	/** Wrong credentials after which a connection is closed. */
	private static final int MOST_WRONG = 5;

	private static final String WRONG_WORD = "bad-credentials";

	private static final String WRONG = Renewals.class.getName() + ".wrong";

	private static final Logger logger = LoggerFactory.getLogger(Renewals.class);

	private final Hub hub;

	private final Credentials credentials;

	private final SessionDoor door;

	private final Supplier<TopicAuthorization> access;

	private final Duration timeout;

	/**
	 * Makes it.
	 * @param access reads the grants of a user's token; asked at the first renewal
	 * @param timeout how long authenticators may take before the connection is closed
	 */
	Renewals(Hub hub, Credentials credentials, SessionDoor door, Supplier<TopicAuthorization> access,
			Duration timeout) {
		this.access = access;
		this.hub = hub;
		this.credentials = credentials;
		this.door = door;
		this.timeout = timeout;
	}

	/** Whether a client wants to renew its credentials with the frame. */
	static boolean isRenewal(Message<?> message) {
		return SimpMessageHeaderAccessor.getMessageType(message.getHeaders()) == SimpMessageType.MESSAGE
				&& AUTH.equals(SimpMessageHeaderAccessor.getDestination(message.getHeaders()));
	}

	/** Renews and answers; nothing to do if the connection is closed. */
	void handle(Message<?> message) {
		String session = String.valueOf(SimpMessageHeaderAccessor.getSessionId(message.getHeaders()));
		Connection connection = this.hub.connection(session);
		if (connection == null || connection.isGone()) {
			return;
		}
		FrameHeaders frame = FrameHeaders.of(message);
		StompHeaderAccessor headers = Objects
			.requireNonNull(MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class));
		Map<String, Object> attributes = Objects.requireNonNull(headers.getSessionAttributes());
		try {
			Duration left = renew(headers, attributes, connection);
			renewed(connection, frame, left);
		}
		catch (RefusedException ex) {
			logger.debug("Refused new credentials of session {}", session, Incident.plain(ex));
			Refusals.refuse(connection, ex.word(), ex.sentence(), frame, AUTH);
			if (ex instanceof WrongException && isTooOften(attributes)) {
				connection.close(ConnectCredentials.BAD);
			}
		}
	}

	private @Nullable Duration renew(StompHeaderAccessor headers, Map<String, Object> attributes,
			Connection connection) {
		if (!connection.isIntroduced()) {
			throw new RefusedException("not-connected", "Wait for CONNECTED before you renew credentials");
		}
		connection.lifetime().closeAfter(this.timeout, ConnectCredentials.UNCHECKED);
		try {
			Principal user = user(headers, connection);
			TokenGrants unused = this.access.get().grants(user);
			Duration left = left(user);
			Refusal refusal = this.door.renew(connection, user);
			if (refusal != null) {
				throw new RefusedException(refusal.word(), refusal.sentence());
			}
			RenewedUser.keep(attributes, user);
			this.credentials.limit(connection, left);
			// The new credentials may grant less than those before.
			this.door.decideAgain(user.getName());
			return left;
		}
		catch (RefusedException ex) {
			throw ex;
		}
		catch (Exception | LinkageError | StackOverflowError | AssertionError ex) {
			Incident.warn(logger, "New credentials of a session could not be checked", ex);
			throw new RefusedException(UNCHECKED, "Your credentials could not be checked; try again later", ex);
		}
		finally {
			connection.lifetime().stayOpen();
		}
	}

	private @Nullable Duration left(Principal user) {
		try {
			return this.credentials.left(user);
		}
		catch (ConnectRefusedException ex) {
			throw new WrongException(WRONG_WORD, ex.sentence(), ex);
		}
	}

	private Principal user(StompHeaderAccessor headers, Connection connection) {
		Principal user;
		try {
			user = this.credentials.authenticate(Credentials.request(headers, connection.id()));
		}
		catch (Throwable ex) {
			ConnectRefusedException refusal = Credentials.refusal(ex);
			if (refusal != null) {
				throw new WrongException(WRONG_WORD, refusal.sentence(), refusal);
			}
			throw ex;
		}
		if (user == null) {
			throw new RefusedException("no-credentials", "SEND to " + AUTH + " needs credentials as CONNECT has them");
		}
		if (!user.getName().equals(connection.user())) {
			throw new WrongException("other-user",
					"These are not the credentials of this connection's user; open another connection with them", null);
		}
		return user;
	}

	/**
	 * Credentials can be guessed here without a connection for each guess, so there are
	 * few of them.
	 */
	private static boolean isTooOften(Map<String, Object> attributes) {
		return (Integer) attributes.merge(WRONG, 1, (known, one) -> (Integer) known + 1) >= MOST_WRONG;
	}

	private static void renewed(Connection connection, FrameHeaders frame, @Nullable Duration left) {
		Map<String, @Nullable Object> headers = new LinkedHashMap<>();
		headers.put("in-ms", (left != null) ? left.toMillis() : null);
		boolean unused = connection.sendControl(StompFrames.control("renewed", headers));
		String receipt = frame.receipt();
		if (receipt != null) {
			connection.send(Frame.of(StompFrames.receipt(receipt, headers)));
		}
	}

	/** The credentials are wrong, or of another user. */
	private static final class WrongException extends RefusedException {

		WrongException(String word, String sentence, @Nullable Throwable cause) {
			super(word, sentence, cause);
		}

	}

}
