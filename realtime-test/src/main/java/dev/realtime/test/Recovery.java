package dev.realtime.test;

import org.jspecify.annotations.Nullable;

/**
 * What the server said when a subscription came back from a position.
 *
 * @param recovered whether every later message follows
 * @param reason why not, such as {@code epoch-changed}; null if it was recovered
 * @param replayed how many messages follow that were published meanwhile, at most
 */
public record Recovery(boolean recovered, @Nullable String reason, int replayed) {

	static @Nullable Recovery of(ServerFrame receipt) {
		String recovered = receipt.header("recovered");
		String replayed = receipt.header("replayed");
		return (recovered != null) ? new Recovery(recovered.equals("true"), receipt.header("reason"),
				(replayed != null) ? Integer.parseInt(replayed) : 0) : null;
	}

}
