package dev.realtime.spring.stomp;

import java.net.InetSocketAddress;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import dev.realtime.hub.CloseReason;
import dev.realtime.hub.Connection;
import dev.realtime.hub.Hub;
import dev.realtime.spring.Incident;
import dev.realtime.spring.audit.Door;
import dev.realtime.spring.security.ConnectAuthenticator;
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
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.util.ClassUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Stands on the inbound channel before the interceptors of the application and of Spring
 * Security: asks the authenticators who sends a CONNECT, so that everything behind it
 * knows the user, for this frame and all that follow. Spring hands on nothing else of a
 * connection whose CONNECT went no further than this.
 */
final class ConnectCredentials implements ChannelInterceptor {

	private static final Logger logger = LoggerFactory.getLogger(ConnectCredentials.class);

	private static final boolean SPRING_SECURITY = ClassUtils.isPresent(
			"org.springframework.security.core.AuthenticationException", ConnectCredentials.class.getClassLoader());

	private static final CloseReason BAD = CloseReason.policy("bad-credentials");

	/** They could not be checked; the client may come back with the same ones. */
	static final CloseReason UNCHECKED = new CloseReason(CloseReason.UNAVAILABLE.code(), "credentials unchecked");

	private final Hub hub;

	private final Duration expiryNotice;

	private final Supplier<List<ConnectAuthenticator>> authenticators;

	/**
	 * Makes an interceptor.
	 * @param authenticators asked once, at the first CONNECT: they may need the very
	 * channel on which this stands
	 */
	ConnectCredentials(Hub hub, Duration expiryNotice, Supplier<List<ConnectAuthenticator>> authenticators) {
		this.hub = hub;
		this.expiryNotice = expiryNotice;
		this.authenticators = SingletonSupplier.of(authenticators);
	}

	@Override
	public @Nullable Message<?> preSend(Message<?> message, MessageChannel channel) {
		if (SimpMessageHeaderAccessor.getMessageType(message.getHeaders()) != SimpMessageType.CONNECT) {
			return message;
		}
		String session = String.valueOf(SimpMessageHeaderAccessor.getSessionId(message.getHeaders()));
		return isLetIn(message, session, this.hub.connection(session)) ? message : null;
	}

	/** The connection is null when it was closed meanwhile: no reason to look away. */
	private boolean isLetIn(Message<?> message, String session, @Nullable Connection connection) {
		try {
			StompHeaderAccessor headers = Objects
				.requireNonNull(MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class));
			Principal user = authenticate(request(headers, session));
			if (user != null) {
				headers.setUser(user);
			}
			limit(connection, headers.getUser());
			return true;
		}
		catch (ConnectRefusedException ex) {
			logger.debug("Refused the CONNECT of session {}", session, Incident.plain(ex));
			Refusals.refuseConnect(connection, BAD, ex.sentence(),
					ex.word().endsWith("-ticket") ? Door.TICKET : Door.CONNECT, ex.word());
		}
		catch (RuntimeException ex) {
			if (isRefusal(ex)) {
				logger.debug("Refused the CONNECT of session {}", session, Incident.plain(ex));
				Refusals.refuseConnect(connection, BAD, "These credentials are not accepted");
			}
			else {
				logger.warn("The credentials of session {} could not be checked", session, Incident.plain(ex));
				Refusals.refuseConnect(connection, UNCHECKED, "Your credentials could not be checked; try again later");
			}
		}
		return false;
	}

	private @Nullable Principal authenticate(ConnectRequest request) {
		for (ConnectAuthenticator each : this.authenticators.get()) {
			Principal user = each.authenticate(request);
			if (user != null) {
				return user;
			}
		}
		return null;
	}

	/** Who was let in stays only as long as the credentials are good. */
	private void limit(@Nullable Connection connection, @Nullable Principal user) {
		if (user == null) {
			return;
		}
		for (ConnectAuthenticator each : this.authenticators.get()) {
			Instant end = each.expiresAt(user);
			if (end != null) {
				Duration left = Duration.between(Instant.now(), end);
				if (left.isNegative() || left.isZero()) {
					throw new ConnectRefusedException("expired", "The credentials have expired");
				}
				if (connection != null) {
					connection.expire(left, this.expiryNotice);
				}
				return;
			}
		}
	}

	private static ConnectRequest request(StompHeaderAccessor connect, String sessionId) {
		Map<String, String> headers = new LinkedHashMap<>();
		connect.toNativeHeaderMap().forEach((name, values) -> {
			if (!name.equals(StompHeaderAccessor.STOMP_PASSCODE_HEADER) && !values.isEmpty() && values.get(0) != null) {
				headers.put(name, values.get(0));
			}
		});
		Map<String, Object> attributes = Objects.requireNonNullElseGet(connect.getSessionAttributes(), Map::of);
		InetSocketAddress remote = (InetSocketAddress) attributes.get(ConnectRequest.REMOTE_ADDRESS);
		return new ConnectRequest(sessionId, headers, connect.getPasscode(), connect.getUser(), remote, attributes);
	}

	private static boolean isRefusal(RuntimeException ex) {
		return SPRING_SECURITY && ex instanceof AuthenticationException
				&& !(ex instanceof AuthenticationServiceException);
	}

}
