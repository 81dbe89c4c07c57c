package dev.realtime.spring.stomp;

import dev.realtime.hub.CloseReason;
import dev.realtime.hub.Connection;
import dev.realtime.hub.Frame;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;

/**
 * Says no: with a {@code denied} event to clients that asked for control events, which
 * stay connected; with an ERROR and a closed connection to all others, as STOMP demands.
 */
final class Refusals {

	private Refusals() {
	}

	/**
	 * Refuses a CONNECT, whatever the client understands: there is nothing to stay for.
	 * @param connection null when it is closed already
	 * @param message a sentence for people
	 */
	static void refuseConnect(@Nullable Connection connection, CloseReason reason, String message) {
		if (connection != null) {
			connection.send(Frame.of(StompFrames.error(message, null)));
			connection.close(reason);
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
		byte[] denied = StompFrames.denied(reason, message, frame.receipt(), frame.subscriptionId(), destination);
		if (!connection.sendControl(denied)) {
			connection.send(Frame.of(StompFrames.error(message, frame.receipt())));
			connection.close(CloseReason.policy(reason));
		}
	}

}
