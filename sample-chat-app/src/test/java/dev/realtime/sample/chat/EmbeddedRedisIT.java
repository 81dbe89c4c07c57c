package dev.realtime.sample.chat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/** What a newcomer meets: the sample's own Redis, and what is said when a start fails. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class EmbeddedRedisIT {

	private final int redisPort = ChatNode.freePort();

	private final String embedded = "--chat.embedded-redis.port=" + this.redisPort;

	/** Whatever a failed test has left behind. */
	@AfterEach
	void stopRedis() throws IOException {
		if (listens(this.redisPort)) {
			try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.redisPort)) {
				socket.getOutputStream().write("SHUTDOWN NOSAVE\r\n".getBytes(StandardCharsets.US_ASCII));
			}
		}
	}

	@Test
	void outlivesTheNodeThatStartedItAndEndsWithTheLastOne() {
		try (ChatNode first = launch().awaitReady(); ChatNode second = launch().awaitReady()) {
			assertThat(first.output()).contains("Started an embedded Redis on port " + this.redisPort);
			assertThat(second.output()).contains("Using the embedded Redis on port " + this.redisPort);
			first.kill();
			assertThat(listens(this.redisPort)).as("Redis after its node was killed").isTrue();
			try (ChatNode third = launch().awaitReady()) {
				third.stop();
			}
			assertThat(listens(this.redisPort)).as("Redis while one node is left").isTrue();
			second.stop();
			Awaitility.await("end of Redis").atMost(Duration.ofSeconds(10)).until(() -> !listens(this.redisPort));
		}
	}

	@Test
	void aPortThatIsTakenIsSaidInASentence() throws IOException {
		try (ServerSocket taken = new ServerSocket(0)) {
			String output = outputOfFailedStart(taken.getLocalPort(), this.embedded);
			assertThat(output).contains("Port " + taken.getLocalPort() + " was already in use").contains("Action:");
		}
	}

	@Test
	void aRedisPortThatIsTakenIsSaidInASentence() throws IOException {
		try (ServerSocket taken = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			String output = outputOfFailedStart(ChatNode.freePort(),
					"--chat.embedded-redis.port=" + taken.getLocalPort());
			assertThat(output)
				.contains("The embedded Redis could not be started on port " + taken.getLocalPort(),
						"choose another with --chat.embedded-redis.port=")
				.doesNotContain("\tat ");
		}
	}

	@Test
	void aNamedRedisThatIsAwayIsSaidInASentence() {
		int nobody = ChatNode.freePort();
		String output = outputOfFailedStart(ChatNode.freePort(), "--spring.data.redis.port=" + nobody);
		assertThat(output).contains("APPLICATION FAILED TO START", Integer.toString(nobody), "Action:")
			.doesNotContain("\tat ");
	}

	private ChatNode launch() {
		return ChatNode.launch(ChatNode.freePort(), this.embedded);
	}

	private static String outputOfFailedStart(int port, String... arguments) {
		try (ChatNode node = ChatNode.launch(port, arguments)) {
			assertThat(node.awaitEnd()).as(node.output()).isNotZero();
			return node.output();
		}
	}

	private static boolean listens(int port) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

}
