package dev.realtime.spring.netty;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;

import dev.realtime.testing.fuzz.FuzzContract;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.DecoderException;
import io.netty.util.NetUtil;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A PROXY header names the client or is refused, and what follows it is passed on as it
 * came, whatever the pieces.
 */
class ProxyHeaderFuzzTests extends FuzzContract {

	private static final byte[] SIGNATURE = { 0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A };

	@Override
	protected List<byte[]> corpus() {
		List<byte[]> corpus = new ArrayList<>(bytes("PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\nGET / HTTP/1.1\r\n",
				"PROXY TCP6 2001:db8::7 fd00::1 56324 443\r\nx", "PROXY TCP6 fe80::1%eth0 ::1 4 3\r\n",
				"PROXY UNKNOWN\r\nx", "PROXY UNKNOWN ffff:f...f:ffff 65535 65535\r\n", "GET / HTTP/1.1\r\n\r\n"));
		byte[] four = { (byte) 192, 0, 2, 7, (byte) 198, 51, 100, 1, (byte) 220, 4, 1, (byte) 187 };
		corpus.add(version2(0x21, 0x11, four, "GET /"));
		corpus.add(version2(0x20, 0x00, new byte[0], "GET /"));
		corpus.add(version2(0x21, 0x21, new byte[36], "GET /"));
		corpus.add(version2(0x21, 0x31, new byte[216], "x"));
		byte[] withTlv = ByteBuffer.allocate(20).put(four).put((byte) 4).putShort((short) 5).put(new byte[5]).array();
		corpus.add(version2(0x21, 0x11, withTlv, "x"));
		corpus.add(version2(0x21, 0x12, four, ""));
		return corpus;
	}

	private static byte[] version2(int command, int family, byte[] rest, String following) {
		byte[] after = following.getBytes(StandardCharsets.US_ASCII);
		return ByteBuffer.allocate(SIGNATURE.length + 4 + rest.length + after.length)
			.put(SIGNATURE)
			.put((byte) command)
			.put((byte) family)
			.putShort((short) rest.length)
			.put(rest)
			.put(after)
			.array();
	}

	@Override
	protected List<String> words() {
		return List.of("PROXY ", "TCP4 ", "TCP6 ", "UNKNOWN", "\r\n", " ", "::1", "::", "fe80::1%eth0", "[::1]",
				"::ffff:192.0.2.7", "0.0.0.0", "1.2.3", "65536", "0");
	}

	@Override
	protected int maxLength() {
		return 700;
	}

	@Override
	protected Object check(byte[] input) {
		Random random = random(input);
		int least = 1 + random.nextInt(8);
		Outcome whole = read(input, (left) -> left);
		if (isTooLong(input)) {
			// Netty takes it or not, by the pieces in which it comes.
			return whole.refused();
		}
		assertThat(read(input, (left) -> 1)).isEqualTo(whole);
		assertThat(read(input, (left) -> least + random.nextInt(least))).isEqualTo(whole);
		String[] words = new String(input, StandardCharsets.ISO_8859_1).split("[ \r]", -1);
		if (!whole.peer().equals(FuzzedChannel.PEER)) {
			assertThat(whole.peer().isUnresolved()).isFalse();
			if (words[0].equals("PROXY")) {
				assertThat(whole.peer().getAddress().getAddress())
					.isEqualTo(NetUtil.createByteArrayFromIpAddressString(words[2]));
				assertThat(whole.peer().getPort()).isEqualTo(Integer.parseInt(words[4]));
			}
		}
		return List.of(whole.refused(), !whole.peer().equals(FuzzedChannel.PEER), whole.passed().isEmpty());
	}

	/** A line of version 1 has at most 107 bytes, its end included. */
	private static boolean isTooLong(byte[] input) {
		String text = new String(input, StandardCharsets.ISO_8859_1);
		int end = text.indexOf("\r\n");
		return text.startsWith("PROXY") && (end < 0 || end > 105);
	}

	private static Outcome read(byte[] input, IntUnaryOperator sizes) {
		FuzzedChannel channel = new FuzzedChannel();
		ProxyHeader.expect(channel, (admitted) -> true);
		StringBuilder passed = new StringBuilder();
		boolean refused = false;
		try {
			for (int at = 0; at < input.length;) {
				int size = Math.min(input.length - at, sizes.applyAsInt(input.length - at));
				channel.read(input, at, size);
				at += size;
				for (ByteBuf next = channel.readInbound(); next != null; next = channel.readInbound()) {
					passed.append(ByteBufUtil.hexDump(next));
					next.release();
				}
			}
			boolean unused = channel.finish();
		}
		catch (DecoderException ex) {
			// Of a false length within version 2, Netty says that an index is out of
			// bounds.
			refused = true;
		}
		// Of a connection that is closed nobody asks it.
		InetSocketAddress peer = refused ? FuzzedChannel.PEER : ConnectionSetup.peer(channel);
		channel.end();
		return new Outcome(peer, refused, passed.toString());
	}

	private record Outcome(InetSocketAddress peer, boolean refused, String passed) {
	}

}
