package dev.realtime.spring.gateway;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Handles what gateways hand to a node of the application. */
public interface ForwardedSends {

	/**
	 * Handles a SEND, behind those of the same session before it; does not block.
	 * @param mayStart asked right before the application's code is called: when false, it
	 * must not be called any more, and the answer is {@link Outcome#AGAIN}
	 * @param answer gets what became of it, once, on any thread
	 */
	void handle(ForwardedSend send, ForwardedSession session, BooleanSupplier mayStart, Consumer<Outcome> answer);

	/** A session ends here; does not block. */
	void ended(ForwardedSession session);

}
