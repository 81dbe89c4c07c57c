package dev.realtime.spring.stomp;

import java.security.Principal;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

import dev.realtime.IllegalTopicException;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.delivery.Frame;
import dev.realtime.spring.ClientInput;
import dev.realtime.spring.Incident;
import dev.realtime.spring.RefusedException;
import dev.realtime.spring.audit.Door;
import dev.realtime.spring.gateway.Outcome;
import dev.realtime.spring.rates.RateLimitedException;
import dev.realtime.spring.security.TokenGrants;
import dev.realtime.spring.security.TopicAuthorization;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.MessagingException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.util.ClassUtils;

/**
 * Says no: with a {@code denied} event to clients that asked for control events, which
 * stay connected; with an ERROR and a closed connection to all others, as STOMP demands.
 */
final class Refusals {

	/** Reasons that have nothing to do with the frame: the client may try again later. */
	private static final Set<String> TEMPORARY = Set.of("overloaded", "publish-failed", "publish-unknown",
			"read-failed", Outcome.UNAVAILABLE, Outcome.UNKNOWN, RateLimitedException.WORD, Renewals.UNCHECKED);

	private static final Logger logger = LoggerFactory.getLogger(Refusals.class);

	private static final boolean SPRING_SECURITY = ClassUtils
		.isPresent("org.springframework.security.access.AccessDeniedException", Refusals.class.getClassLoader());

	private Refusals() {
	}

	/**
	 * Answers a frame that could not be handled. A refusal is answered with its sentence,
	 * everything else with a general one and a reference to the log.
	 * @param failure as it was thrown, perhaps wrapped by a channel
	 */
	static void answer(Connection connection, Throwable failure, FrameHeaders frame, @Nullable String destination) {
		RefusedException refusal = find(failure);
		if (refusal instanceof RateLimitedException limited) {
			limit(connection, limited, frame, destination);
		}
		else if (refusal != null) {
			logger.debug("Refused a frame of session {}", connection.id(), Incident.plain(failure));
			refuse(connection, refusal.word(), refusal.sentence(), frame, destination);
		}
		else {
			String sentence = Incident.log(logger, "the frame could not be handled", failure);
			refuse(connection, Incident.WORD, sentence, frame, destination);
		}
	}

	/** Returns what the failure means for the client, or null if that is not known. */
	static @Nullable RefusedException find(Throwable failure) {
		Throwable cause = failure;
		while (cause instanceof MessagingException && cause.getCause() != null) {
			cause = cause.getCause();
		}
		if (cause instanceof RefusedException refusal) {
			return refusal;
		}
		if (cause instanceof IllegalTopicException illegal) {
			return ClientInput.refused("bad-topic", illegal);
		}
		if (SPRING_SECURITY && (cause instanceof AccessDeniedException || cause instanceof AuthenticationException)) {
			return new RefusedException("forbidden", "Access Denied", cause);
		}
		if (cause instanceof RejectedExecutionException) {
			return new RefusedException("overloaded", "The service cannot take this frame now; send more slowly",
					cause);
		}
		return null;
	}

	/**
	 * Refuses a CONNECT, whatever the client understands: there is nothing to stay for.
	 * @param connection null when it is closed already
	 * @param message a sentence for people
	 */
	static void refuseConnect(@Nullable Connection connection, CloseReason reason, String message) {
		refuseConnect(connection, reason, message, Door.CONNECT, reason.text());
	}

	/**
	 * Refuses a CONNECT.
	 * @param door where, for the report
	 * @param word why, for the report, where that is more exact than what the client is
	 * told
	 */
	static void refuseConnect(@Nullable Connection connection, CloseReason reason, String message, Door door,
			String word) {
		if (connection != null) {
			SessionRefusals.reportLast(connection, door, word, null);
			connection.send(Frame.of(StompFrames.error(message, null)));
			connection.close(reason);
		}
	}

	/**
	 * Refuses a CONNECT whose user has a token with grants that are not understood.
	 * @return whether it did
	 */
	static boolean refuseGrants(Connection connection, TopicAuthorization access, @Nullable Principal user) {
		try {
			TokenGrants unused = access.grants(user);
			return false;
		}
		catch (RefusedException ex) {
			refuseConnect(connection, CloseReason.policy(ex.word()), ex.sentence());
			return true;
		}
	}

	/**
	 * Refuses a CONNECT that came too often, with a 1013: others may have caused that,
	 * who have the same address. A user who was refused too often gets a 1008.
	 */
	static void refuseConnect(@Nullable Connection connection, RateLimitedException limit) {
		if (connection != null) {
			connection.send(Frame.of(StompFrames.error(limit.sentence(), null, limit.retryAfterMillis())));
			connection
				.close(limit.isOffender() ? CloseReason.policy(limit.word()) : closeReason(RateLimitedException.WORD));
		}
	}

	/** Refuses a frame that came too often; the client may send it again later. */
	private static void limit(Connection connection, RateLimitedException limit, FrameHeaders frame,
			@Nullable String destination) {
		if (limit.isOffender()) {
			refuseConnect(connection, limit);
		}
		else {
			refuse(connection, limit.word(), limit.sentence(), frame, destination, limit.retryAfterMillis());
		}
	}

	/**
	 * Refuses a frame.
	 * @param reason a word for programs
	 * @param message a sentence for people, which must tell nothing that the client may
	 * not know
	 * @param frame the frame's headers, to answer its receipt
	 */
	static void refuse(Connection connection, String reason, String message, FrameHeaders frame,
			@Nullable String destination) {
		refuse(connection, reason, message, frame, destination, null);
	}

	private static void refuse(Connection connection, String reason, String message, FrameHeaders frame,
			@Nullable String destination, @Nullable Long retryAfterMs) {
		byte[] denied = StompFrames.denied(reason, message, frame.receipt(), frame.subscriptionId(), destination,
				retryAfterMs);
		Door door = frame.door();
		if (frame.observed() != null) {
			frame.observed().end(FrameObserver.Outcome.REFUSED, reason);
		}
		if (connection.sendControl(denied)) {
			if (door != null) {
				SessionRefusals.report(connection, door, reason, destination);
			}
		}
		else {
			SessionRefusals.reportLast(connection, door, reason, destination);
			connection.send(Frame.of(StompFrames.error(message, frame.receipt(), retryAfterMs)));
			connection.close(closeReason(reason));
		}
	}

	private static CloseReason closeReason(String reason) {
		if (reason.equals(Incident.WORD)) {
			return new CloseReason(1011, reason);
		}
		return TEMPORARY.contains(reason) ? new CloseReason(CloseReason.UNAVAILABLE.code(), reason)
				: CloseReason.policy(reason);
	}

}
