package dev.realtime.bench.load;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;

/**
 * Socket.IO 4: Engine.IO 4 packets (open 0, ping 2, pong 3, message 4) that carry
 * Socket.IO packets (connect 0, event 2), as text.
 */
public final class SocketIoDialect implements Dialect {

	@Override
	public String path() {
		return "/socket.io/?EIO=4&transport=websocket";
	}

	@Override
	public String protocol() {
		return "";
	}

	/** The server speaks first. */
	@Override
	public void opened(Peer peer) {
	}

	@Override
	public void message(Peer peer, ByteBuf bytes, int start, int length) {
		byte engine = bytes.getByte(start);
		byte packet = (length > 1) ? bytes.getByte(start + 1) : 0;
		switch (engine) {
			case '0' -> peer.send("40");
			case '2' -> peer.send("3");
			case '4' -> {
				if (packet == '0') {
					connected(peer);
				}
				else if (packet == '3') {
					peer.live("", 0);
				}
				else {
					boolean unused = Marks.find(bytes, start, start + length, peer);
				}
			}
			default -> peer.fail(bytes.toString(start, Math.min(200, length), StandardCharsets.UTF_8));
		}
	}

	@Override
	public String publication(String topic, String body) {
		return "42[\"pub\",\"" + topic + "\",\"" + body + "\"]";
	}

	/** Subscribes with an acknowledgement (packet 3). */
	private static void connected(Peer peer) {
		if (peer.topic().isEmpty()) {
			peer.live("", 0);
		}
		else {
			peer.send("421[\"sub\",\"" + peer.topic() + "\"]");
		}
	}

}
