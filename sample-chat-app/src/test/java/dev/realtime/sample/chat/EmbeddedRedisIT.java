package dev.realtime.sample.chat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import dev.realtime.testing.Ports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What a newcomer meets: the sample's own Redis, and what is said when a start fails. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class EmbeddedRedisIT {

	private final SampleRedis redis = new SampleRedis();

	@TempDir
	Path data;

	@AfterEach
	void stopRedis() {
		this.redis.close();
	}

	@Test
	void outlivesTheNodeThatStartedItAndEndsWithTheLastOne() {
		try (ChatNode first = launch().awaitReady(); ChatNode second = launch().awaitReady()) {
			assertThat(first.output()).contains("Started an embedded Redis on port " + this.redis.port());
			assertThat(second.output()).contains("Using the embedded Redis on port " + this.redis.port());
			assertIsNotReadyOnThePortOf(first);
			first.kill();
			assertThat(this.redis.isRunning()).as("Redis after its node was killed").isTrue();
			try (ChatNode third = launch().awaitReady()) {
				third.stop();
			}
			assertThat(this.redis.isRunning()).as("Redis while one node is left").isTrue();
			second.stop();
			this.redis.awaitEnd();
		}
	}

	@Test
	void aRedisPortThatIsTakenIsSaidInASentence() throws IOException {
		try (ServerSocket taken = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			String output = outputOfFailedStart(0, "--chat.embedded-redis.port=" + taken.getLocalPort());
			assertThat(output)
				.contains("The embedded Redis could not be started on port " + taken.getLocalPort(),
						"choose another with --chat.embedded-redis.port=")
				.doesNotContain("\tat ");
		}
	}

	@Test
	void aNamedRedisThatIsAwayIsSaidInASentence() {
		int nobody = Ports.reserve();
		String output = outputOfFailedStart(0, "--spring.data.redis.port=" + nobody);
		assertThat(output).contains("APPLICATION FAILED TO START", Integer.toString(nobody), "Action:")
			.doesNotContain("\tat ");
	}

	/** A port that is taken is said in a sentence. */
	private void assertIsNotReadyOnThePortOf(ChatNode first) {
		try (ChatNode other = launch(first.port(), this.redis.argument())) {
			assertThatThrownBy(other::awaitReady).hasMessageContaining("Port " + first.port() + " was already in use")
				.hasMessageContaining("Action:");
		}
	}

	private ChatNode launch() {
		return launch(0, this.redis.argument());
	}

	private ChatNode launch(int port, String argument) {
		return ChatNode.launch(port, "--chat.data=" + this.data, argument);
	}

	private String outputOfFailedStart(int port, String argument) {
		try (ChatNode node = launch(port, argument)) {
			assertThat(node.awaitEnd()).as(node.output()).isNotZero();
			return node.output();
		}
	}

}
