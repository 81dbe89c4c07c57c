package dev.realtime.spring.netty;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Who is let in, and what the others are told. */
class NettyHandshakeIT extends BystanderContract {

	private static final String BODY = "\r\n\r\n";

	NettyHandshakeIT() throws IOException {
	}

	@Test
	void aCompleteHandshakeIsAcceptedWithItsSubProtocol() throws IOException {
		try (RawClient client = RawClient.dial(this.port)) {
			assertThat(client.send(RawClient.handshake()).readHead()).startsWith("HTTP/1.1 101 ")
				.containsIgnoringCase("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
				.containsIgnoringCase("sec-websocket-protocol: v12.stomp\r\n");
		}
	}

	@Test
	void anOrdinaryRequestIsToldWhatIsSpokenHere() throws IOException {
		assertThat(answer("GET /realtime HTTP/1.1\r\nHost: localhost\r\n\r\n")).startsWith("HTTP/1.1 426 ")
			.containsIgnoringCase("upgrade: websocket\r\n")
			.endsWith(BODY + "This endpoint accepts only WebSocket connections\n");
	}

	@Test
	void anotherPathIsNotFound() throws IOException {
		assertThat(answer("GET /elsewhere HTTP/1.1\r\nHost: localhost\r\n\r\n")).startsWith("HTTP/1.1 404 ")
			.endsWith(BODY + "There is no STOMP endpoint at this path\n");
	}

	@Test
	void aQueryIsNoPartOfThePath() throws IOException {
		try (RawClient client = RawClient.dial(this.port)) {
			client.send(RawClient.handshake().replace("/realtime", "/realtime?token=x"));
			assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
			client.introduce();
		}
	}

	@Test
	void aPostIsNotAllowed() throws IOException {
		assertThat(answer("POST /realtime HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello"))
			.startsWith("HTTP/1.1 405 ")
			.containsIgnoringCase("allow: GET\r\n")
			.endsWith(BODY + "A WebSocket handshake is a GET\n");
	}

	@Test
	void aHandshakeWithoutAKeyIsABadRequest() throws IOException {
		assertThat(answer(RawClient.handshake().replaceFirst("Sec-WebSocket-Key:[^\r]*\r\n", "")))
			.startsWith("HTTP/1.1 400 ")
			.endsWith(BODY + "This is not a complete WebSocket handshake\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "8", "12", "14", "x" })
	void anotherVersionIsToldWhichIsSpoken(String version) throws IOException {
		assertThat(answer(RawClient.handshake().replace("Version: 13", "Version: " + version)))
			.startsWith("HTTP/1.1 426 ")
			.containsIgnoringCase("sec-websocket-version: 13\r\n")
			.endsWith(BODY + "Only WebSocket version 13 is supported\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://evil.example", "http://localhost.evil.example", "null", "::" })
	void aPageOfAnotherOriginIsForbidden(String origin) throws IOException {
		assertThat(answer(RawClient.handshake("Origin: " + origin + "\r\n"))).startsWith("HTTP/1.1 403 ")
			.endsWith(BODY + "Pages of this origin may not connect\n");
	}

	@Test
	void aPageOfTheSameHostMayConnectWhateverItsPort() throws IOException {
		try (RawClient client = RawClient.dial(this.port)) {
			assertThat(client.send(RawClient.handshake("Origin: https://localhost:3000\r\n")).readHead())
				.startsWith("HTTP/1.1 101 ");
		}
	}

	@Test
	void headersThatAreTooLargeAreRefused() throws IOException {
		assertThat(answer(RawClient.handshake("X-Large: " + "x".repeat(20_000) + "\r\n"))).startsWith("HTTP/1.1 400 ")
			.endsWith(BODY + "This is not an HTTP request, or its headers are too large\n");
	}

	@Test
	void aRequestLineThatDoesNotEndIsRefused() throws IOException {
		assertThat(answer("GET /" + "x".repeat(20_000))).startsWith("HTTP/1.1 400 ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "hello\r\n\r\n", "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n", "GET\r\n\r\n",
			"GET /realtime HTTP/9\r\n\r\n", "CONNECT\naccept-version:1.2\n\n\u0000" })
	void whatIsNoHttpIsRefused(String garbage) throws IOException {
		assertThat(answer(garbage)).satisfiesAnyOf((text) -> assertThat(text).startsWith("HTTP/1.1 400 "),
				(text) -> assertThat(text).startsWith("HTTP/1.1 404 "), (text) -> assertThat(text).isEmpty());
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "G", "GET /realtime HTTP/1.1\r\nHost: loc" })
	void whoDoesNotFinishItsHandshakeInTimeIsClosed(String beginning) throws IOException {
		assertThat(answer(beginning)).isEmpty();
	}

	@Test
	void aHandshakeThatOnlyTricklesInIsClosedInTimeToo() throws IOException {
		byte[] endless = ("GET /realtime HTTP/1.1\r\nX: " + "x".repeat(1_500)).getBytes(StandardCharsets.US_ASCII);
		try (RawClient client = RawClient.dial(this.port)) {
			int sent = 0;
			while (client.isOpenAfter(10)) {
				client.send(new byte[] { endless[sent++] });
			}
			assertThat(sent).isLessThan(endless.length);
		}
		catch (SocketException ex) {
			// The last byte came after the close.
		}
	}

	@Test
	void aHandshakeMayComeByteByByte() throws IOException {
		try (RawClient client = RawClient.dial(this.port)) {
			client.sendBytewise(RawClient.handshake().getBytes(StandardCharsets.US_ASCII));
			assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
			client.introduce();
		}
	}

	/** What is in the same segment as the handshake could be lost without a word. */
	@Test
	void aFrameBeforeTheAnswerEndsTheConnection() throws IOException {
		try (RawClient client = RawClient.dial(this.port)) {
			byte[] frame = ClientFrame.text("CONNECT\naccept-version:1.2\nhost:localhost\n\n\0");
			byte[] handshake = RawClient.handshake().getBytes(StandardCharsets.US_ASCII);
			client.send(ByteBuffer.allocate(handshake.length + frame.length).put(handshake).put(frame).array());
			assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
			assertThat(client.awaitClose()).isEqualTo(1002);
		}
	}

	/** All that the server says until it closes. */
	private String answer(String request) throws IOException {
		try (RawClient client = RawClient.dial(this.port)) {
			return client.send(request).readToEnd();
		}
		catch (EOFException | SocketException ex) {
			return "";
		}
	}

}
