package dev.realtime.test;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes the frames of a client. */
final class ClientFrame {

	private ClientFrame() {
	}

	/** Returns the bytes of a frame; those of CONNECT have no escapes. */
	static byte[] encode(String command, Map<String, String> headers, byte[] body) {
		StringBuilder head = new StringBuilder(command).append('\n');
		boolean escaped = !command.equals("CONNECT");
		headers.forEach((name, value) -> head.append(escaped ? escape(name) : name)
			.append(':')
			.append(escaped ? escape(value) : value)
			.append('\n'));
		if (body.length > 0) {
			head.append("content-length:").append(body.length).append('\n');
		}
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		bytes.writeBytes(head.append('\n').toString().getBytes(StandardCharsets.UTF_8));
		bytes.writeBytes(body);
		bytes.write(0);
		return bytes.toByteArray();
	}

	private static String escape(String text) {
		return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace(":", "\\c");
	}

}
