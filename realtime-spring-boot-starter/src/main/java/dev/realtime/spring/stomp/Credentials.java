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

import dev.realtime.connection.Connection;
import dev.realtime.spring.security.ConnectAuthenticator;
import dev.realtime.spring.security.ConnectRefusedException;
import dev.realtime.spring.security.ConnectRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.util.ClassUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Asks the authenticators about the credentials that a client's frame brings. Blocks as
 * long as they do. Safe for any number of threads.
 */
final class Credentials {

	private static final boolean SPRING_SECURITY = ClassUtils
		.isPresent("org.springframework.security.core.AuthenticationException", Credentials.class.getClassLoader());

	private final Supplier<List<ConnectAuthenticator>> authenticators;

	private final Duration expiryNotice;

	/**
	 * Makes it.
	 * @param authenticators asked once, at the first CONNECT: they may need the very
	 * channel on which they are asked
	 * @param expiryNotice how long before their credentials end clients are told
	 */
	Credentials(Supplier<List<ConnectAuthenticator>> authenticators, Duration expiryNotice) {
		this.authenticators = SingletonSupplier.of(authenticators);
		this.expiryNotice = expiryNotice;
	}

	/**
	 * Returns whose they are, or null if no authenticator knows such credentials.
	 * @throws RuntimeException if they are refused, see {@link #refusal}, or if they
	 * could not be checked
	 */
	@Nullable Principal authenticate(ConnectRequest request) {
		for (ConnectAuthenticator each : this.authenticators.get()) {
			Principal user = each.authenticate(request);
			if (user != null) {
				return user;
			}
		}
		return null;
	}

	/**
	 * Returns how long the user's credentials are still good, or null if they do not end.
	 * @throws ConnectRefusedException if they have expired
	 */
	@Nullable Duration left(Principal user) {
		for (ConnectAuthenticator each : this.authenticators.get()) {
			Instant end = each.expiresAt(user);
			if (end != null) {
				Duration left = Duration.between(Instant.now(), end);
				if (left.isNegative() || left.isZero()) {
					throw new ConnectRefusedException("expired", "The credentials have expired");
				}
				return left;
			}
		}
		return null;
	}

	/** The connection ends when the credentials do. */
	void limit(Connection connection, @Nullable Duration left) {
		if (left != null) {
			connection.lifetime().expire(left, this.expiryNotice);
		}
		else {
			connection.lifetime().neverExpire();
		}
	}

	/** Returns what the client is told, or null if the failure is no refusal. */
	static @Nullable ConnectRefusedException refusal(Throwable failure) {
		if (failure instanceof ConnectRefusedException refused) {
			return refused;
		}
		return (SPRING_SECURITY && failure instanceof AuthenticationException
				&& !(failure instanceof AuthenticationServiceException))
						? new ConnectRefusedException("These credentials are not accepted", failure) : null;
	}

	/** Returns what a message asks for. */
	static ConnectRequest request(StompHeaderAccessor frame, String sessionId) {
		// Of a CONNECT alone Spring keeps the passcode apart from the other headers.
		String passcode = (frame.getPasscode() != null) ? frame.getPasscode()
				: frame.getFirstNativeHeader(StompHeaderAccessor.STOMP_PASSCODE_HEADER);
		return request(frame.toNativeHeaderMap(), passcode, sessionId, frame.getUser(), frame.getSessionAttributes());
	}

	/**
	 * Returns what a frame asks for.
	 * @param user the one of the handshake, or null
	 */
	static ConnectRequest request(Map<String, List<String>> frame, @Nullable String passcode, String sessionId,
			@Nullable Principal user, @Nullable Map<String, Object> sessionAttributes) {
		Map<String, String> headers = new LinkedHashMap<>();
		frame.forEach((name, values) -> {
			if (!name.equals(StompHeaderAccessor.STOMP_PASSCODE_HEADER) && !values.isEmpty() && values.get(0) != null) {
				headers.put(name, values.get(0));
			}
		});
		Map<String, Object> attributes = Objects.requireNonNullElseGet(sessionAttributes, Map::of);
		InetSocketAddress remote = (InetSocketAddress) attributes.get(ConnectRequest.REMOTE_ADDRESS);
		return new ConnectRequest(sessionId, headers, passcode, user, remote, attributes);
	}

}
