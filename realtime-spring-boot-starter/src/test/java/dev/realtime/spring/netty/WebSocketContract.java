package dev.realtime.spring.netty;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * RFC 6455 by the byte: what breaks it ends with the right code, what is odd is taken.
 */
abstract class WebSocketContract extends BystanderContract {

	private static final byte[] NOTHING = {};

	private static final byte[] BROKEN = { 'a', (byte) 0xce, (byte) 0xba, (byte) 0xed, (byte) 0xa0, (byte) 0x80 };

	WebSocketContract() throws IOException {
	}

	WebSocketContract(ConfigurableApplicationContext node, int port) throws IOException {
		super(node, port);
	}

	static Stream<Arguments> violations() {
		byte[] hello = ClientFrame.utf8("hello");
		return Stream.of(violation(1002, "an unmasked frame", ClientFrame.unmasked(ClientFrame.TEXT, hello)),
				violation(1002, "the first reserved bit", ClientFrame.masked(0xC1, hello)),
				violation(1002, "the second reserved bit", ClientFrame.masked(0xA1, hello)),
				violation(1002, "the third reserved bit", ClientFrame.masked(0x91, hello)),
				violation(1002, "reserved opcode 3", ClientFrame.last(3, hello)),
				violation(1002, "reserved opcode 7", ClientFrame.last(7, NOTHING)),
				violation(1002, "reserved control opcode 11", ClientFrame.last(11, hello)),
				violation(1002, "reserved control opcode 15", ClientFrame.last(15, NOTHING)),
				violation(1002, "a ping in parts", ClientFrame.part(ClientFrame.PING, hello)),
				violation(1002, "a close in parts", ClientFrame.part(ClientFrame.CLOSE, NOTHING)),
				violation(1002, "a ping of 126 bytes", ClientFrame.last(ClientFrame.PING, new byte[126])),
				violation(1009, "a frame over the limit", ClientFrame.textOfLength(65_537)),
				violation(1009, "a frame of eight exabytes", ClientFrame.textOfLength(Long.MAX_VALUE)),
				violation(1002, "a frame of negative length", ClientFrame.textOfLength(-1)),
				violation(1002, "a length that is not written as short as possible", ClientFrame.textOfLength(5)),
				violation(1002, "a continuation of nothing", ClientFrame.last(ClientFrame.CONTINUATION, hello)),
				violation(1002, "an unfinished continuation of nothing",
						ClientFrame.part(ClientFrame.CONTINUATION, hello)),
				violation(1002, "a new message within a message", ClientFrame.part(ClientFrame.TEXT, hello),
						ClientFrame.last(ClientFrame.TEXT, hello)),
				violation(1002, "a new binary message within a message", ClientFrame.part(ClientFrame.TEXT, hello),
						ClientFrame.part(ClientFrame.BINARY, hello)),
				violation(1007, "a text that is no UTF-8", ClientFrame.last(ClientFrame.TEXT, BROKEN)),
				violation(1007, "a text whose last part ends within a character",
						ClientFrame.part(ClientFrame.TEXT, hello),
						ClientFrame.last(ClientFrame.CONTINUATION, new byte[] { (byte) 0xce })),
				violation(1007, "a text that breaks between two parts",
						ClientFrame.part(ClientFrame.TEXT, new byte[] { (byte) 0xed }),
						ClientFrame.part(ClientFrame.CONTINUATION, new byte[] { (byte) 0xa0, (byte) 0x80 })),
				violation(1002, "a close with half a code", ClientFrame.last(ClientFrame.CLOSE, new byte[] { 3 })),
				violation(1007, "a close whose reason is no UTF-8", ClientFrame.close(1000, BROKEN)),
				violation(1002, "a close with code 0", ClientFrame.close(0, NOTHING)),
				violation(1002, "a close with code 999", ClientFrame.close(999, NOTHING)),
				violation(1002, "a close with code 1004", ClientFrame.close(1004, NOTHING)),
				violation(1002, "a close with code 1005", ClientFrame.close(1005, NOTHING)),
				violation(1002, "a close with code 1006", ClientFrame.close(1006, NOTHING)),
				violation(1002, "a close with code 1015", ClientFrame.close(1015, NOTHING)),
				violation(1002, "a close with code 2999", ClientFrame.close(2999, NOTHING)));
	}

	private static Arguments violation(int code, String what, byte[]... frames) {
		return Arguments.of(code, Named.of(what, frames));
	}

	@ParameterizedTest
	@MethodSource("violations")
	void whatBreaksTheProtocolEndsTheConnection(int code, byte[][] frames) throws IOException {
		try (RawClient client = RawClient.connect(this.port)) {
			for (byte[] frame : frames) {
				client.send(frame);
			}
			assertThat(client.awaitClose()).isEqualTo(code);
		}
	}

	@Test
	void whoDoesNotAnswerACloseIsClosedAllTheSame() throws IOException {
		try (RawClient client = RawClient.connect(this.port)) {
			client.send(ClientFrame.unmasked(ClientFrame.TEXT, NOTHING)).await(ClientFrame.CLOSE);
			client.awaitEnd();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1000, 1001, 1003, 1007, 1011, 3000, 3999, 4000, 4999 })
	void aCloseIsEchoedWithItsCode(int code) throws IOException {
		try (RawClient client = RawClient.connect(this.port)) {
			client.send(ClientFrame.close(code, ClientFrame.utf8("bye ✓")));
			assertThat(client.awaitClose()).isEqualTo(code);
		}
	}

	@Test
	void aCloseWithoutACodeIsAnsweredToo() throws IOException {
		try (RawClient client = RawClient.connect(this.port)) {
			client.send(ClientFrame.last(ClientFrame.CLOSE, NOTHING));
			assertThat(client.awaitClose()).isEqualTo(1000);
		}
	}

	@Test
	void whatComesAfterACloseIsNotHandled() throws IOException {
		try (RawClient witness = RawClient.connect(this.port).subscribe("echo");
				RawClient client = RawClient.connect(this.port)) {
			client.send(ClientFrame.close(1000, NOTHING)).send(echo("posthumous"));
			assertThat(client.awaitClose()).isEqualTo(1000);
			witness.send(echo("alive")).awaitText("alive");
			assertThat(witness.texts()).doesNotContain("posthumous");
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 125 })
	void aPingIsAnsweredWithItsPayload(int size) throws IOException {
		byte[] payload = "x".repeat(size).getBytes(StandardCharsets.US_ASCII);
		try (RawClient client = RawClient.connect(this.port)) {
			client.send(ClientFrame.last(ClientFrame.PING, payload));
			assertThat(client.await(ClientFrame.PONG).payload()).isEqualTo(ByteBuffer.wrap(payload));
		}
	}

	@Test
	void pongsThatNobodyAskedForAreIgnored() throws IOException {
		try (RawClient client = RawClient.connect(this.port).subscribe("echo")) {
			client.send(ClientFrame.last(ClientFrame.PONG, ClientFrame.utf8("unasked")))
				.send(ClientFrame.last(ClientFrame.PONG, NOTHING));
			client.send(echo("after pongs")).awaitText("after pongs");
		}
	}

	@Test
	void aPingMayComeBetweenThePartsOfAMessage() throws IOException {
		byte[] message = send("in parts");
		try (RawClient client = RawClient.connect(this.port).subscribe("echo")) {
			client.send(ClientFrame.part(ClientFrame.TEXT, Arrays.copyOf(message, 10)));
			client.send(ClientFrame.last(ClientFrame.PING, ClientFrame.utf8("now")));
			assertThat(client.await(ClientFrame.PONG).text()).isEqualTo("now");
			client.send(ClientFrame.last(ClientFrame.CONTINUATION, Arrays.copyOfRange(message, 10, message.length)));
			client.awaitText("in parts");
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { ClientFrame.TEXT, ClientFrame.BINARY })
	void aMessageMayComeInPartsOfOneByteAndOfNone(int opcode) throws IOException {
		byte[] message = send("grüß dich ✓ 😀");
		try (RawClient client = RawClient.connect(this.port).subscribe("echo")) {
			client.send(ClientFrame.part(opcode, NOTHING));
			for (byte each : message) {
				client.send(ClientFrame.part(ClientFrame.CONTINUATION, new byte[] { each }));
				client.send(ClientFrame.part(ClientFrame.CONTINUATION, NOTHING));
			}
			client.send(ClientFrame.last(ClientFrame.CONTINUATION, NOTHING));
			client.awaitText("\n\ngrüß dich ✓ 😀\0");
		}
	}

	@Test
	void aFrameMayComeByteByByte() throws IOException {
		try (RawClient client = RawClient.connect(this.port).subscribe("echo")) {
			client.sendBytewise(echo("bit by bit, 😀")).awaitText("\n\nbit by bit, 😀\0");
			client.sendBytewise(ClientFrame.close(1000, NOTHING));
			assertThat(client.awaitClose()).isEqualTo(1000);
		}
	}

	@Test
	void manyFramesMayComeAtOnce() throws IOException {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		StringBuilder bodies = new StringBuilder();
		for (int i = 0; i < 500; i++) {
			all.writeBytes(echo("<" + i + ">"));
			bodies.append('<').append(i).append('>');
		}
		try (RawClient client = RawClient.connect(this.port).subscribe("echo")) {
			client.send(all.toByteArray()).awaitText("<499>");
			assertThat(client.texts().replaceAll("(?s)[^\0]*\n\n", "").replace("\0", "")).isEqualTo(bodies.toString());
		}
	}

	@Test
	void partsWithoutEndAreBoundedByTheLimitOfAFrame() throws IOException {
		byte[] part = "x".repeat(8_192).getBytes(StandardCharsets.US_ASCII);
		try (RawClient client = RawClient.connect(this.port)) {
			client.send(ClientFrame.part(ClientFrame.TEXT, ClientFrame.utf8("SEND\ndestination:/app/echo\n\n")));
			for (int i = 0; i < 9; i++) {
				client.send(ClientFrame.part(ClientFrame.CONTINUATION, part));
			}
			assertThat(client.awaitClose()).isEqualTo(1009);
		}
	}

	@Test
	void emptyPartsWithoutEndHarmNobody() throws IOException {
		try (RawClient client = RawClient.connect(this.port).subscribe("echo")) {
			client.send(ClientFrame.part(ClientFrame.TEXT, NOTHING));
			for (int i = 0; i < 10_000; i++) {
				client.send(ClientFrame.part(ClientFrame.CONTINUATION, NOTHING));
			}
			client.send(ClientFrame.last(ClientFrame.CONTINUATION, send("at last"))).awaitText("at last");
		}
	}

	@Test
	void whoVanishesWithinAFrameIsForgotten() throws IOException {
		long before = ListeningNode.stats(node()).connections();
		try (RawClient client = RawClient.connect(this.port)) {
			client.send(ClientFrame.textOfLength(65_536)).send("half of");
		}
		Awaitility.await().until(() -> ListeningNode.stats(node()).connections() <= before);
	}

	private static byte[] send(String text) {
		return ClientFrame.utf8("SEND\ndestination:/app/echo\n\n" + text + '\0');
	}

	private static byte[] echo(String text) {
		return ClientFrame.last(ClientFrame.TEXT, send(text));
	}

}
