package dev.realtime.bench.load;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;

/**
 * STOMP 1.2. Spring's simple broker answers no receipt to SUBSCRIBE: there a client is
 * live when it has asked. Announces {@code realtime:1}, as clients do that read several
 * frames from one message; other servers ignore it.
 */
public final class StompDialect implements Dialect {

	private final boolean receipts;

	public StompDialect(boolean receipts) {
		this.receipts = receipts;
	}

	@Override
	public String path() {
		return "/realtime";
	}

	@Override
	public String protocol() {
		return "v12.stomp";
	}

	@Override
	public void opened(Peer peer) {
		peer.send("CONNECT\naccept-version:1.2\nhost:bench\nrealtime:1\nheart-beat:0,0\nlogin:user-" + peer.id()
				+ "\n\n\0");
	}

	@Override
	public void message(Peer peer, ByteBuf bytes, int start, int length) {
		int end = start + length;
		int from = start;
		while (from < end) {
			byte first = bytes.getByte(from);
			if (first == '\n' || first == '\r') {
				from++;
				continue;
			}
			int nul = bytes.indexOf(from, end, (byte) 0);
			int stop = (nul < 0) ? end : nul;
			frame(peer, first, bytes, from, stop);
			from = stop + 1;
		}
	}

	@Override
	public String publication(String topic, String body) {
		return "SEND\ndestination:/topic/" + topic + "\ncontent-type:text/plain\ncontent-length:" + body.length()
				+ "\n\n" + body + '\0';
	}

	private void frame(Peer peer, byte first, ByteBuf bytes, int from, int stop) {
		switch (first) {
			case 'M' -> {
				if (!Marks.find(bytes, from, stop, peer)) {
					event(peer, bytes.toString(from, stop - from, StandardCharsets.UTF_8));
				}
			}
			case 'C' -> connected(peer);
			case 'R' -> {
				String receipt = bytes.toString(from, stop - from, StandardCharsets.UTF_8);
				if (header(receipt, "recovered").equals("false")) {
					peer.fail("not recovered: " + header(receipt, "reason"));
				}
				peer.live(header(receipt, "epoch"), Long.parseLong(header(receipt, "seq")));
			}
			default -> peer.fail(bytes.toString(from, Math.min(200, stop - from), StandardCharsets.UTF_8));
		}
	}

	/** A control event. */
	private static void event(Peer peer, String frame) {
		switch (header(frame, "event")) {
			case "reconnect" -> peer.advised(Long.parseLong(header(frame, "after-ms")));
			case "gap" -> peer.gap(frame);
			default -> {
			}
		}
	}

	private void connected(Peer peer) {
		String topic = peer.topic();
		if (topic.isEmpty()) {
			peer.live("", 0);
			return;
		}
		String resume = peer.resume();
		peer.subscribing();
		peer.send("SUBSCRIBE\nid:sub-0\ndestination:/topic/" + topic + "\nreceipt:live\n" + resume + "\n\0");
		if (!this.receipts) {
			peer.live("", 0);
		}
	}

	private static String header(String frame, String name) {
		int at = frame.indexOf('\n' + name + ':');
		if (at < 0) {
			return "0";
		}
		int value = at + name.length() + 2;
		return frame.substring(value, frame.indexOf('\n', value));
	}

}
