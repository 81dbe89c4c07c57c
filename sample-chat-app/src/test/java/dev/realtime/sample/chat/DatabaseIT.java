package dev.realtime.sample.chat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.realtime.testing.DatabaseServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What is left of the rooms when nodes, Redis and database end. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DatabaseIT {

	private static final String TOPIC = "/topic/room.kept";

	private final SampleRedis redis = new SampleRedis();

	private final List<AutoCloseable> open = new ArrayList<>(List.of(this.redis));

	@TempDir
	Path data;

	@AfterEach
	void end() throws Exception {
		for (int i = this.open.size() - 1; i >= 0; i--) {
			this.open.get(i).close();
		}
	}

	@Test
	void roomsAndTheirNumbersAreInAFileThatBothNodesShare() throws Exception {
		roomsOutliveEverything("--chat.data=" + this.data);
		assertThat(this.data.resolve("chat.mv.db")).exists();
	}

	@Test
	void roomsAndTheirNumbersAreInPostgresqlWithOneProfile() throws Exception {
		DatabaseServer server = DatabaseServer.postgresql();
		this.open.add(0, server::stop);
		roomsOutliveEverything("--spring.profiles.active=postgres", "--spring.datasource.url=" + server.url(),
				"--spring.datasource.username=realtime");
	}

	@Test
	void aKilledNodeTakesNothingOfTheFileWithIt() throws Exception {
		ChatNode holder = launch("--chat.data=" + this.data).awaitReady();
		ChatNode other = launch("--chat.data=" + this.data).awaitReady();
		Visitor ann = visitor(holder);
		Visitor bob = visitor(other);
		ann.says("kept", "id-1", "{\"text\": \"one\"}");
		assertThat(bob.hears().header("seq")).isEqualTo("1");
		holder.kill();
		// until the other node has opened the file, it refuses; the same id is no double
		Awaitility.await("the file in other hands").atMost(Duration.ofMinutes(1)).until(() -> {
			bob.says("kept", "id-2", "{\"text\": \"two\"}");
			return history(bob).contains("\"two\"");
		});
		Visitor.Received second = bob.hears();
		assertThat(second.header("id")).isEqualTo("id-2");
		assertThat(second.header("seq")).isEqualTo("2");
		assertThat(history(bob)).contains("\"one\"").contains("\"latest\":2");
	}

	private void roomsOutliveEverything(String... database) throws Exception {
		ChatNode first = launch(database);
		ChatNode second = launch(database);
		Visitor ann = visitor(first.awaitReady());
		Visitor bob = visitor(second.awaitReady());
		ann.says("kept", "id-1", "{\"text\": \"one\"}");
		assertThat(bob.hears().header("seq")).isEqualTo("1");
		bob.says("kept", "id-2", "{\"text\": \"two\"}");
		Visitor.Received last = bob.hears();
		assertThat(last.header("seq")).isEqualTo("2");
		first.stop();
		second.stop();
		this.redis.awaitEnd();

		ChatNode again = launch(database).awaitReady();
		Visitor carla = visitor(again);
		assertThat(history(carla))
			.containsSubsequence("\"epoch\":\"" + last.header("epoch") + "\"", "\"one\"", "\"two\"")
			.contains("\"latest\":2");
		carla.says("kept", "id-2", "{\"text\": \"two, again\"}");
		carla.says("kept", "id-3", "{\"text\": \"three\"}");
		Visitor.Received next = carla.hears();
		assertThat(next.payload()).contains("three");
		assertThat(next.header("seq")).isEqualTo("3");
		assertThat(next.header("epoch")).isEqualTo(last.header("epoch"));
	}

	private ChatNode launch(String... arguments) {
		List<String> all = new ArrayList<>(List.of(arguments));
		all.add(this.redis.argument());
		ChatNode node = ChatNode.launch(all.toArray(String[]::new));
		this.open.add(node);
		return node;
	}

	private Visitor visitor(ChatNode node) throws Exception {
		Visitor visitor = Visitor.connects(URI.create(node.url()).getAuthority(), "Ann");
		this.open.add(visitor);
		return visitor.listens(TOPIC);
	}

	private static String history(Visitor visitor) throws Exception {
		return visitor.reads("/realtime/topics/room.kept/messages");
	}

}
