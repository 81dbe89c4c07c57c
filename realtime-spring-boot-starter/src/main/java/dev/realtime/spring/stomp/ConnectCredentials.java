package dev.realtime.spring.stomp;

import java.security.Principal;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.hub.Hub;
import dev.realtime.spring.Incident;
import dev.realtime.spring.audit.Door;
import dev.realtime.spring.security.ConnectRefusedException;
import dev.realtime.spring.security.ConnectRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.MessageHeaderAccessor;

/**
 * Stands on the inbound channel before the interceptors of the application and of Spring
 * Security: asks the authenticators who sends a CONNECT, so that everything behind it
 * knows the user, for this frame and all that follow. Spring hands on nothing else of a
 * connection whose CONNECT went no further than this. New credentials of an open
 * connection go no further either: what comes after them has the new user.
 */
final class ConnectCredentials implements ChannelInterceptor {

	static final CloseReason BAD = CloseReason.policy("bad-credentials");

	/** They could not be checked; the client may come back with the same ones. */
	static final CloseReason UNCHECKED = new CloseReason(CloseReason.UNAVAILABLE.code(), "credentials unchecked");

	private static final Logger logger = LoggerFactory.getLogger(ConnectCredentials.class);

	private final Hub hub;

	private final Credentials credentials;

	private final Renewals renewals;

	ConnectCredentials(Hub hub, Credentials credentials, Renewals renewals) {
		this.hub = hub;
		this.credentials = credentials;
		this.renewals = renewals;
	}

	@Override
	public @Nullable Message<?> preSend(Message<?> message, MessageChannel channel) {
		if (SimpMessageHeaderAccessor.getMessageType(message.getHeaders()) == SimpMessageType.CONNECT) {
			String session = String.valueOf(SimpMessageHeaderAccessor.getSessionId(message.getHeaders()));
			return FrameMessages.isIntroduction(message) || isLetIn(message, session, this.hub.connection(session))
					? message : null;
		}
		if (Renewals.isRenewal(message)) {
			this.renewals.handle(message);
			return null;
		}
		RenewedUser.apply(message);
		return message;
	}

	private boolean isLetIn(Message<?> message, String session, @Nullable Connection connection) {
		StompHeaderAccessor headers = Objects
			.requireNonNull(MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class));
		return isLetIn(Credentials.request(headers, session), headers.getSessionAttributes(), connection,
				headers::setUser);
	}

	/**
	 * Asks who sends a CONNECT, and refuses it if its credentials are wrong. The
	 * connection is null when it was closed meanwhile: no reason to look away.
	 * @param attributes the session's
	 * @param known gets the user, if an authenticator knows the credentials
	 */
	boolean isLetIn(ConnectRequest request, @Nullable Map<String, Object> attributes, @Nullable Connection connection,
			Consumer<Principal> known) {
		String session = request.sessionId();
		try {
			Principal user = this.credentials.authenticate(request);
			forgetTicket(attributes);
			if (user != null) {
				known.accept(user);
			}
			limit(connection, (user != null) ? user : request.handshakeUser());
			return true;
		}
		catch (Exception | LinkageError | StackOverflowError | AssertionError ex) {
			ConnectRefusedException refusal = Credentials.refusal(ex);
			if (refusal != null) {
				logger.debug("Refused the CONNECT of session {}", session, Incident.plain(ex));
				Refusals.refuseConnect(connection, BAD, refusal.sentence(),
						refusal.word().endsWith("-ticket") ? Door.TICKET : Door.CONNECT, refusal.word());
			}
			else {
				Incident.warn(logger, "Credentials could not be checked", ex);
				Refusals.refuseConnect(connection, UNCHECKED, "Your credentials could not be checked; try again later");
			}
		}
		return false;
	}

	/** The handshake's ticket is used up, and none of the credentials that come later. */
	private static void forgetTicket(@Nullable Map<String, Object> attributes) {
		if (attributes != null) {
			attributes.remove(ConnectRequest.TICKET);
		}
	}

	/** Who was let in stays only as long as the credentials are good. */
	private void limit(@Nullable Connection connection, @Nullable Principal user) {
		Duration left = (user != null) ? this.credentials.left(user) : null;
		if (left != null && connection != null) {
			this.credentials.limit(connection, left);
		}
	}

}
