package dev.realtime.sample.chat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The jar that people run, with the beans that were written down when it was built. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class AheadOfTimeIT {

	@TempDir
	Path data;

	@Test
	void twoNodesCarryMessagesAndPricesAndRefuseWhatTheyRefuseOtherwise() throws Exception {
		try (RedisServer redis = RedisServer.start(); ChatNode one = launch(redis); ChatNode two = launch(redis)) {
			one.awaitReady();
			two.awaitReady();
			assertThat(one.output()).contains("Starting AOT-processed ChatApplication");
			try (Visitor ann = Visitor.connects(address(one), "Ann");
					Visitor bob = Visitor.connects(address(two), "Bob")) {
				bob.listens("/topic/room.aot");
				ann.listens("/user/queue/errors");
				ann.says("aot", "id-1", "{\"text\": \"hello\"}");
				assertThat(bob.hears().payload()).isEqualTo("{\"author\":\"Ann\",\"text\":\"hello\"}");
				ann.says("aot", "id-2", "{\"text\": \" \"}");
				assertThat(ann.hears().payload()).contains("Say something: the message is empty");
				assertThat(bob.reads("/realtime/topics/room.aot/messages")).contains("\"seq\":1", "hello");
			}
			try (Visitor stranger = Visitor.withToken(address(two), "")) {
				assertThat(stranger.listens("/topic/prices").hears().payload()).contains("\"ACME\"");
			}
		}
	}

	private ChatNode launch(RedisServer redis) {
		return ChatNode.launchWith(List.of("-Dspring.aot.enabled=true"), "--spring.data.redis.url=" + redis.uri(),
				"--chat.data=" + this.data);
	}

	private static String address(ChatNode node) {
		return "localhost:" + node.port();
	}

}
