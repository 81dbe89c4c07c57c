package dev.realtime.spring.netty;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.json.JsonParserFactory;

import static org.assertj.core.api.Assertions.assertThat;

/** Compressed messages (RFC 7692), byte by byte. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CompressionContract {

	private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";

	private static final int DEFLATED_TEXT = EdgeSocket.FINAL | EdgeSocket.COMPRESSED | EdgeSocket.TEXT;

	/** One shard: all connections are neighbours. */
	private final EdgeNode node = new EdgeNode("realtime.netty.compression=true", "realtime.netty.threads=1",
			"realtime.servlet.compression=true", "realtime.shards=1", "realtime.limits.max-frame-size=4KB",
			"realtime.topics.talk.pattern=talk", "realtime.topics.talk.client-publish=true");

	private final int port = port(this.node);

	@AfterAll
	void stop() {
		this.node.close();
	}

	/** Returns the port whose listener compresses. */
	abstract int port(EdgeNode node);

	@Test
	void neighboursWithAndWithoutCompressionGetTheSameMessages() throws IOException {
		try (EdgeSocket plain = connect(""); EdgeSocket one = connect(OFFER); EdgeSocket other = connect(OFFER)) {
			for (EdgeSocket client : new EdgeSocket[] { plain, one, other }) {
				client.subscribe("/topic/prices");
			}
			for (int i = 0; i < 3; i++) {
				String payload = json(i);
				this.node.publish("/topic/prices", payload);
				WireFrame asIs = plain.readUntil(payload);
				WireFrame compressed = one.readUntil(payload);
				assertThat(asIs.isCompressed()).isFalse();
				assertThat(compressed.isCompressed()).isTrue();
				assertThat(compressed.text()).isEqualTo(asIs.text());
				assertThat(compressed.payload().length).isLessThan(asIs.payload().length / 2);
				assertThat(other.readUntil(payload).payload()).isEqualTo(compressed.payload());
			}
		}
	}

	@Test
	void aSmallMessageIsNotCompressed() throws IOException {
		try (EdgeSocket client = connect(OFFER)) {
			client.send("CONNECT\naccept-version:1.2\nhost:localhost\n\n\0");
			WireFrame connected = client.readUntil("CONNECTED");
			assertThat(connected.payload()).hasSizeLessThan(128);
			assertThat(connected.isCompressed()).isFalse();
		}
	}

	@Test
	void aClientMayCompressAndFragment() throws IOException {
		try (EdgeSocket client = connect(OFFER)) {
			client.subscribe("/topic/echo");
			String text = "grüß dich ✓ ".repeat(100);
			byte[] frame = WireFrame.deflate(send(text));
			client.send(DEFLATED_TEXT, frame);
			client.readUntil(text);

			byte[] again = WireFrame.deflate(send("again " + text));
			client.send(EdgeSocket.COMPRESSED | EdgeSocket.TEXT, Arrays.copyOf(again, 10));
			client.send(0, Arrays.copyOfRange(again, 10, 11));
			client.send(0x89, new byte[] { 'p' });
			client.send(EdgeSocket.FINAL, Arrays.copyOfRange(again, 11, again.length));
			client.readUntil("again " + text);

			client.send(new String(send("as it is"), StandardCharsets.UTF_8));
			client.readUntil("as it is");
		}
	}

	@Test
	void rule8_aBombIsNotInflated() throws IOException {
		byte[] bomb = WireFrame.deflate(send("x".repeat(1_000_000)));
		assertThat(bomb).hasSizeLessThan(2_000);
		try (EdgeSocket client = connect(OFFER)) {
			client.subscribe("/topic/echo");
			client.send(DEFLATED_TEXT, bomb);
			assertThat(client.readCloseCode()).isEqualTo(1009);
		}
		try (EdgeSocket client = connect(OFFER)) {
			client.subscribe("/topic/echo");
			client.send(EdgeSocket.COMPRESSED | EdgeSocket.TEXT, Arrays.copyOf(bomb, 500));
			client.send(EdgeSocket.FINAL, Arrays.copyOfRange(bomb, 500, bomb.length));
			assertThat(client.readCloseCode()).isEqualTo(1009);
		}
	}

	@Test
	void rule8_fragmentsThatNeverEndAreNotKept() throws IOException {
		try (EdgeSocket client = connect(OFFER)) {
			client.subscribe("/topic/echo");
			client.send(EdgeSocket.COMPRESSED | EdgeSocket.TEXT, new byte[3_000]);
			// As much as a CONNECT with large credentials may have, and more.
			for (int i = 0; i < 8; i++) {
				client.send(0, new byte[3_000]);
			}
			assertThat(client.readCloseCode()).isEqualTo(1009);
		}
	}

	@Test
	void whatCannotBeDecompressedEndsTheConnection() throws IOException {
		try (EdgeSocket client = connect(OFFER)) {
			client.subscribe("/topic/echo");
			client.send(DEFLATED_TEXT, EdgeSocket.ascii("this is not deflated at all"));
			assertThat(client.readCloseCode()).isEqualTo(1007);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { EdgeSocket.FINAL | EdgeSocket.TEXT | 0x20, EdgeSocket.FINAL | EdgeSocket.TEXT | 0x10,
			EdgeSocket.FINAL | EdgeSocket.COMPRESSED | 8, EdgeSocket.FINAL | EdgeSocket.COMPRESSED | 9,
			EdgeSocket.FINAL | EdgeSocket.COMPRESSED | 10 })
	void otherReservedBitsEndTheConnection(int first) throws IOException {
		try (EdgeSocket client = connect(OFFER)) {
			client.send(first, new byte[] { 1 });
			assertThat(client.readCloseCode()).isEqualTo(1002);
		}
	}

	@Test
	void onlyTheFirstFrameOfAMessageSaysThatItIsCompressed() throws IOException {
		byte[] message = WireFrame.deflate(send("hello"));
		try (EdgeSocket client = connect(OFFER)) {
			client.send(EdgeSocket.COMPRESSED | EdgeSocket.TEXT, Arrays.copyOf(message, 5));
			client.send(EdgeSocket.FINAL | EdgeSocket.COMPRESSED, Arrays.copyOfRange(message, 5, message.length));
			assertThat(client.readCloseCode()).isEqualTo(1002);
		}
		try (EdgeSocket client = connect(OFFER)) {
			client.send(EdgeSocket.TEXT, send("hello"));
			client.send(EdgeSocket.FINAL | EdgeSocket.COMPRESSED, message);
			assertThat(client.readCloseCode()).isEqualTo(1002);
		}
	}

	@Test
	void controlFramesAreNotCompressed() throws IOException {
		byte[] payload = EdgeSocket.ascii("p".repeat(125));
		try (EdgeSocket client = connect(OFFER)) {
			client.send(0x89, payload);
			WireFrame pong = client.read();
			assertThat(pong.opcode()).isEqualTo(10);
			assertThat(pong.isCompressed()).isFalse();
			assertThat(pong.payload()).isEqualTo(payload);
			client.send(0x88, new byte[] { 3, (byte) 0xE8 });
			WireFrame close = client.read();
			assertThat(close.opcode()).isEqualTo(8);
			assertThat(close.isCompressed()).isFalse();
		}
	}

	@Test
	void aTextIsUtf8WhenItIsDecompressed() throws IOException {
		try (EdgeSocket client = connect(OFFER)) {
			client.send(DEFLATED_TEXT, WireFrame.deflate(new byte[] { 'a', (byte) 0xed, (byte) 0xa0, (byte) 0x80 }));
			assertThat(client.readCloseCode()).isEqualTo(1007);
		}
	}

	@Test
	void anEmptyMessageMayBeCompressed() throws IOException {
		try (EdgeSocket client = connect(OFFER)) {
			client.subscribe("/topic/echo");
			client.send(DEFLATED_TEXT, new byte[] { 0 });
			client.send(DEFLATED_TEXT, new byte[0]);
			client.send(DEFLATED_TEXT, WireFrame.deflate(send("after nothing")));
			client.readUntil("after nothing");
		}
	}

	@Test
	void whatIsLargestWhenDecompressedIsTaken() throws IOException {
		String text = "x".repeat(4_000);
		try (EdgeSocket client = connect(OFFER)) {
			client.subscribe("/topic/echo");
			byte[] deflated = WireFrame.deflate(send(text));
			for (byte each : EdgeSocket.frame(DEFLATED_TEXT, deflated)) {
				client.write(new byte[] { each });
			}
			client.readUntil(text);
		}
	}

	@Test
	void aClientThatAgreedOnNothingMayNotCompress() throws IOException {
		try (EdgeSocket client = connect("")) {
			client.send(DEFLATED_TEXT, WireFrame.deflate(send("hello")));
			assertThat(client.readCloseCode()).isEqualTo(1002);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			permessage-deflate                                                | true
			permessage-deflate; client_max_window_bits=10                     | true
			permessage-deflate; server_no_context_takeover                    | true
			permessage-deflate; server_max_window_bits=15                     | true
			permessage-deflate; server_max_window_bits="15"                   | true
			permessage-deflate; server_max_window_bits                        | false
			permessage-deflate; server_max_window_bits=16                     | false
			permessage-deflate; client_max_window_bits=16                     | false
			permessage-deflate; client_max_window_bits=7                      | false
			permessage-deflate; client_max_window_bits; client_max_window_bits| false
			permessage-deflate; server_no_context_takeover=1                  | false
			permessage-deflate; client_no_context_takeover                    | true
			permessage-deflate; server_max_window_bits=10                     | false
			permessage-deflate; server_max_window_bits=10, permessage-deflate | true
			x-other, permessage-deflate                                       | true
			permessage-deflate; unheard_of                                    | false
			x-webkit-deflate-frame                                            | false
			""")
	void onlyWhatCanBeMetIsAgreedOn(String offer, boolean agreed) throws IOException {
		String answer = answer(offer);
		assertThat(answer.contains("sec-websocket-extensions")).isEqualTo(agreed);
		assertThat(answer.contains("permessage-deflate; server_no_context_takeover; client_no_context_takeover"))
			.isEqualTo(agreed);
		assertThat(answer.contains("server_max_window_bits=15")).isEqualTo(offer.contains("15"));
	}

	/** Returns what the server says to an offer, in small letters. */
	final String answer(String offer) throws IOException {
		try (EdgeSocket client = EdgeSocket.open(this.port)) {
			client.write(EdgeSocket.handshake("Sec-WebSocket-Extensions: " + offer + "\r\n"));
			String answer = client.readAnswer().toLowerCase(java.util.Locale.ROOT);
			assertThat(answer).startsWith("http/1.1 101 ");
			return answer;
		}
	}

	@Test
	void theJavaScriptClientCompressesBothWays() throws Exception {
		Process script = new ProcessBuilder("node", "src/test/js/compression-client.mjs",
				"ws://localhost:" + this.port + "/realtime")
			.redirectErrorStream(true)
			.start();
		try {
			String output = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(script.waitFor()).as(output).isZero();
			Map<String, Object> seen = JsonParserFactory.getJsonParser().parseMap(output);
			assertThat(seen).containsEntry("extensions", "permessage-deflate").containsEntry("equal", true);
			// The messages have 44,000 bytes.
			assertThat((Integer) seen.get("bytesRead")).isLessThan(15_000);
			assertThat((Integer) seen.get("bytesWritten")).isLessThan(15_000);
		}
		finally {
			script.destroyForcibly();
		}
	}

	private EdgeSocket connect(String headers) throws IOException {
		return EdgeSocket.connect(this.port, headers);
	}

	private static byte[] send(String text) {
		return ("SEND\ndestination:/app/echo\n\n" + text + '\0').getBytes(StandardCharsets.UTF_8);
	}

	private static String json(int tick) {
		StringBuilder prices = new StringBuilder("[");
		for (int i = 0; i < 10; i++) {
			prices.append("{\"symbol\":\"SYM").append(i).append("\",\"bid\":").append(100 + i * tick);
			prices.append(",\"ask\":").append(101 + i * tick).append(",\"currency\":\"EUR\"},");
		}
		return prices.append("{\"tick\":").append(tick).append("}]").toString();
	}

}
