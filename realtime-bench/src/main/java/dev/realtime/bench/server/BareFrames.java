package dev.realtime.bench.server;

import java.nio.charset.StandardCharsets;

/** As much STOMP as the load client needs, for servers that do nothing else. */
final class BareFrames {

	static final String CONNECTED = "CONNECTED\nversion:1.2\nheart-beat:0,0\n\n\0";

	/** The answer to a SUBSCRIBE. */
	static final String LIVE = "RECEIPT\nreceipt-id:live\nepoch:none\nseq:0\n\n\0";

	private BareFrames() {
	}

	/** A MESSAGE with all the headers that ours has. */
	static byte[] message(long seq, String body) {
		String frame = "MESSAGE\nsubscription:sub-0\nmessage-id:7QX2M0A9BC-" + seq
				+ "\ndestination:/topic/bench\nepoch:7QX2M0A9BC\nseq:" + seq + "\ntimestamp:"
				+ System.currentTimeMillis() + "\ncontent-type:text/plain\ncontent-length:" + body.length()
				+ "\nid:0199f3c2-9d51-7cc1-b3f5-0123456789ab\n\n" + body + '\0';
		return frame.getBytes(StandardCharsets.UTF_8);
	}

	/** The body of a SEND. */
	static String body(String send) {
		return send.substring(send.indexOf("\n\n") + 2);
	}

}
