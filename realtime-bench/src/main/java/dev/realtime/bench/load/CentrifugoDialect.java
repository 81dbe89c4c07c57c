package dev.realtime.bench.load;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;

/**
 * Centrifugo's JSON protocol: commands and replies, one a line, several of them in a
 * WebSocket message. As Centrifugo's own client does, CONNECT and SUBSCRIBE are sent
 * together, which saves a round trip.
 */
public final class CentrifugoDialect implements Dialect {

	private static final String CONNECT = "{\"id\":1,\"connect\":{}}";

	private static final String CONNECTED = "{\"id\":1,\"connect\"";

	private static final String SUBSCRIBED = "{\"id\":2,\"subscribe\"";

	private static final String PUBLISHED = "{\"id\":3,\"publish\"";

	private static final int SHORTEST = 3;

	@Override
	public String path() {
		return "/connection/websocket";
	}

	@Override
	public String protocol() {
		return "";
	}

	@Override
	public void opened(Peer peer) {
		peer.send(peer.topic().isEmpty() ? CONNECT
				: CONNECT + "\n{\"id\":2,\"subscribe\":{\"channel\":\"" + peer.topic() + "\"}}");
	}

	@Override
	public void message(Peer peer, ByteBuf bytes, int start, int length) {
		int end = start + length;
		for (int from = start; from < end;) {
			int lineEnd = bytes.indexOf(from, end, (byte) '\n');
			int stop = (lineEnd < 0) ? end : lineEnd;
			if (stop > from) {
				reply(peer, bytes, from, stop);
			}
			from = stop + 1;
		}
	}

	/** The id need not be unique; the reply to it is read and says nothing new. */
	@Override
	public String publication(String topic, String body) {
		return "{\"id\":3,\"publish\":{\"channel\":\"" + topic + "\",\"data\":\"" + body + "\"}}";
	}

	/** A push begins with its name, a reply with its id; a ping is empty. */
	private static void reply(Peer peer, ByteBuf bytes, int from, int stop) {
		if (stop - from < SHORTEST) {
			peer.send("{}");
		}
		else if (bytes.getByte(from + 2) == 'p') {
			push(peer, bytes, from, stop);
		}
		else if (starts(bytes, from, stop, SUBSCRIBED)
				|| (starts(bytes, from, stop, CONNECTED) && peer.topic().isEmpty())) {
			peer.live("", 0);
		}
		else if (!starts(bytes, from, stop, CONNECTED) && !starts(bytes, from, stop, PUBLISHED)) {
			peer.fail(text(bytes, from, stop));
		}
	}

	/** Pushes without a mark are of no publication, such as the end of a subscription. */
	private static void push(Peer peer, ByteBuf bytes, int from, int stop) {
		if (!Marks.find(bytes, from, stop, peer)) {
			peer.fail(text(bytes, from, stop));
		}
	}

	private static boolean starts(ByteBuf bytes, int from, int stop, String expected) {
		return stop - from >= expected.length()
				&& bytes.toString(from, expected.length(), StandardCharsets.US_ASCII).equals(expected);
	}

	private static String text(ByteBuf bytes, int from, int stop) {
		return bytes.toString(from, Math.min(200, stop - from), StandardCharsets.UTF_8);
	}

}
