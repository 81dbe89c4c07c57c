package dev.realtime.conformance.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds frames and heartbeats in what one side writes. It is lenient: what is wrong is
 * for the other side to refuse. Confined to one thread.
 */
final class StompReader {

	private static final int MOST_BYTES = 1 << 20;

	private byte[] rest = new byte[0];

	/** Returns what is complete: frames and line ends. */
	List<Piece> read(byte[] more) {
		byte[] all = Arrays.copyOf(this.rest, this.rest.length + more.length);
		System.arraycopy(more, 0, all, this.rest.length, more.length);
		List<Piece> pieces = new ArrayList<>();
		int from = 0;
		while (from < all.length) {
			int end = isLineEnd(all[from]) ? from + 1 : frameEnd(all, from);
			if (end < 0) {
				break;
			}
			byte[] bytes = Arrays.copyOfRange(all, from, end);
			pieces.add(isLineEnd(all[from]) ? new Piece(null) : new Piece(parse(bytes)));
			from = end;
		}
		this.rest = Arrays.copyOfRange(all, from, all.length);
		if (this.rest.length > MOST_BYTES) {
			throw new IllegalStateException("A frame of more than " + MOST_BYTES + " bytes has no end");
		}
		return pieces;
	}

	private static boolean isLineEnd(byte each) {
		return each == '\n' || each == '\r';
	}

	/** Returns the index behind the NUL of the frame, or -1. */
	private static int frameEnd(byte[] all, int from) {
		int body = bodyStart(all, from, all.length);
		if (body < 0) {
			return nulEnd(all, from);
		}
		int length = contentLength(head(all, from, body));
		int end = body + length + 1;
		return (length < 0) ? nulEnd(all, body) : (end <= all.length) ? end : -1;
	}

	private static int nulEnd(byte[] all, int from) {
		for (int i = from; i < all.length; i++) {
			if (all[i] == 0) {
				return i + 1;
			}
		}
		return -1;
	}

	/** Returns where the body begins, behind the empty line, or -1. */
	private static int bodyStart(byte[] all, int from, int to) {
		for (int i = from; i + 1 < to && all[i] != 0; i++) {
			if (all[i] == '\n') {
				int next = (all[i + 1] == '\r' && i + 2 < to) ? i + 2 : i + 1;
				if (all[next] == '\n') {
					return next + 1;
				}
			}
		}
		return -1;
	}

	private static List<String> head(byte[] all, int from, int to) {
		return new String(all, from, to - from, StandardCharsets.UTF_8).lines().toList();
	}

	private static int contentLength(List<String> head) {
		return head.stream()
			.filter((line) -> line.matches("content-length:\\d{1,7}"))
			.map((line) -> Integer.parseInt(line.substring(line.indexOf(':') + 1)))
			.findFirst()
			.orElse(-1);
	}

	private static StompFrame parse(byte[] bytes) {
		int body = bodyStart(bytes, 0, bytes.length);
		List<String> head = head(bytes, 0, (body < 0) ? bytes.length - 1 : body);
		String command = head.isEmpty() ? "" : head.get(0);
		boolean escaped = !command.startsWith("CONNECT");
		Map<String, String> headers = new LinkedHashMap<>();
		head.stream().skip(1).filter((line) -> line.contains(":")).forEach((line) -> {
			String name = line.substring(0, line.indexOf(':'));
			String value = line.substring(line.indexOf(':') + 1);
			headers.putIfAbsent(escaped ? StompFrame.unescape(name) : name,
					escaped ? StompFrame.unescape(value) : value);
		});
		byte[] content = (body < 0) ? new byte[0] : Arrays.copyOfRange(bytes, body, bytes.length - 1);
		return new StompFrame(command, headers, content, bytes);
	}

}
