package dev.realtime.stomp;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * One frame of a client, decoded.
 *
 * @param headers values by name, in the order of the frame; the first value of a name
 * counts (STOMP 1.2, "Repeated Header Entries")
 * @param body not a copy; read-only
 */
public record StompFrame(StompCommand command, Map<String, List<String>> headers, ByteBuffer body) {

	/**
	 * Decodes one whole frame. Linear in its length.
	 * @param frame from the command to the NUL, which may be followed by ends of lines
	 * @throws MalformedFrameException when it is not one frame of STOMP 1.2
	 */
	public static StompFrame decode(ByteBuffer frame) {
		return new FrameReader(frame).read();
	}

}
