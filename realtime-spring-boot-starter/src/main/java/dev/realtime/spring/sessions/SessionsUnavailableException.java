package dev.realtime.spring.sessions;

import java.util.concurrent.CompletionException;

import dev.realtime.restriction.TooManyRestrictionsException;

/**
 * A command about sessions could not be stored, because Redis is away or does not answer
 * in time. Unless it was under way, nothing has changed on any node; repeat it.
 */
@SuppressWarnings("serial")
public final class SessionsUnavailableException extends RuntimeException {

	private SessionsUnavailableException(Throwable cause) {
		super("The command was not carried out, or its outcome is unknown: " + cause.getMessage(), cause);
	}

	static RuntimeException of(Throwable failure) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		return (cause instanceof TooManyRestrictionsException full) ? full : new SessionsUnavailableException(cause);
	}

}
