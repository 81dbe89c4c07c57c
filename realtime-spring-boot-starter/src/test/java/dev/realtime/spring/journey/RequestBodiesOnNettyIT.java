package dev.realtime.spring.journey;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Bodies of requests on the Netty listener. */
class RequestBodiesOnNettyIT extends RequestBodiesContract {

	RequestBodiesOnNettyIT() {
		super(StreamNode.startAlone(properties(ChatNode.ON_NETTY, "realtime.netty.handshake-timeout=2s")));
	}

	/** The answer comes before anything of the body. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			POST /nowhere                        | Content-Length: 204800     | 404
			POST /nowhere                        | Transfer-Encoding: chunked | 404
			PUT /realtime/send?destination=/a    | Content-Length: 204800     | 405
			POST /realtime                       | Content-Length: 204800     | 405
			GET /realtime                        | Content-Length: 204800     | 400
			OPTIONS /realtime/send               | Content-Length: 204800     | 400
			POST /realtime/send?destination=/a   | Content-Length: 65537      | 413
			""")
	void rule8_whatIsRefusedByItsHeadersIsRefusedBeforeItsBody(String line, String length, int status)
			throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(10_000);
			socket.getOutputStream()
				.write((line + " HTTP/1.1\r\nHost: localhost\r\n" + length + "\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII));
			String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(answer).startsWith("HTTP/1.1 " + status + ' ').containsIgnoringCase("connection: close");
		}
	}

	/**
	 * A body that is under way all the same is thrown away, so that the answer can be
	 * read.
	 */
	@Test
	void rule8_aBodyThatComesWithAWrongPathIsThrownAway() throws IOException {
		assertThat(Polls.ask(this.port, "POST", "/nowhere", "x".repeat(200_000)).statusCode()).isEqualTo(404);
		assertThat(Polls.ask(this.port, "POST", "/realtime/poll?topic=a", "x".repeat(200_000)).statusCode())
			.isEqualTo(405);
	}

}
