package dev.realtime.spring.stomp;

import dev.realtime.connection.Connection;
import dev.realtime.stomp.StompFrame;
import org.jspecify.annotations.Nullable;

/**
 * Whether several STOMP frames that wait for a connection share one WebSocket message.
 * Many clients read one frame from each message, as the simple broker and others write
 * them. So frames are packed only for clients that have announced that they understand
 * it, with {@code realtime:1}, unless the application wants it for all. A client that
 * announces {@code single-frames:1} always gets one frame in each message: it can read
 * text only up to the first NUL.
 */
final class Packing {

	/** Containers' default for the largest message that a Java client takes. */
	private static final int BATCH_BYTES = 8_192;

	/** No second frame is as small as that. */
	private static final int ONE_FRAME = 0;

	private final boolean always;

	private volatile @Nullable Connection connection;

	private volatile boolean never;

	/**
	 * Makes the packing of a connection that is about to be made.
	 * @param always whether its client need not announce anything
	 */
	Packing(boolean always) {
		this.always = always;
	}

	/** From now on what the connection's client announces decides. */
	void follow(Connection connection) {
		this.connection = connection;
	}

	/** Takes note of what the client announces in its CONNECT. */
	void connect(StompFrame frame) {
		this.never = FrameHeaders.of(frame).is("single-frames");
	}

	/** Returns how many bytes may be written as one message. */
	int batchBytes() {
		Connection known = this.connection;
		boolean wanted = this.always || (known != null && known.wantsControlEvents());
		return (wanted && !this.never) ? BATCH_BYTES : ONE_FRAME;
	}

}
