package dev.realtime.sample.chat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** The chat's own rules, as a plain STOMP client meets them. */
class ChatIT {

	@TempDir
	static Path data;

	private static RedisServer redis;

	private static ConfigurableApplicationContext node;

	private static String address;

	private final List<Visitor> visitors = new ArrayList<>();

	@BeforeAll
	static void startNode() {
		redis = RedisServer.start();
		node = SpringApplication.run(ChatApplication.class, "--spring.data.redis.url=" + redis.uri(), "--server.port=0",
				"--chat.data=" + data);
		address = "localhost:" + node.getEnvironment().getProperty("local.server.port");
	}

	@AfterAll
	static void stopNode() {
		node.close();
		redis.close();
	}

	@AfterEach
	void leave() {
		this.visitors.forEach(Visitor::close);
	}

	@Test
	void aMessageIsStoredAndComesBackWithItsNumberAndId() throws Exception {
		Visitor visitor = visitor("Ann").listens("/topic/room.stored");
		visitor.says("stored", "id-1", "{\"text\": \" hello \"}");
		Visitor.Received message = visitor.hears();
		assertThat(message.payload()).isEqualTo("{\"author\":\"Ann\",\"text\":\"hello\"}");
		assertThat(message.header("seq")).isEqualTo("1");
		assertThat(message.header("id")).isEqualTo("id-1");
		assertThat(message.header("type")).isEqualTo("chat.message");
		assertThat(get("/realtime/topics/room.stored/messages")).contains("\"seq\":1", "hello");
	}

	@Test
	void theSameIdIsNoSecondMessage() throws Exception {
		Visitor visitor = visitor("Ann").listens("/topic/room.once");
		visitor.says("once", "id-1", "{\"text\": \"one\"}");
		visitor.says("once", "id-1", "{\"text\": \"one\"}");
		visitor.says("once", "id-2", "{\"text\": \"two\"}");
		assertThat(visitor.hears().payload()).contains("one");
		Visitor.Received second = visitor.hears();
		assertThat(second.payload()).contains("two");
		assertThat(second.header("seq")).isEqualTo("2");
	}

	@Test
	void theSenderLearnsWhyAMessageWasRefused() throws Exception {
		Visitor visitor = visitor("Ann").listens("/user/queue/errors");
		visitor.says("lobby", "id-1", "{\"text\": \" \"}");
		assertThat(visitor.hears().payload())
			.isEqualTo("{\"id\":\"id-1\",\"why\":\"Say something: the message is empty\",\"retry\":false}");
		visitor.says("No-Room", "id-2", "{\"text\": \"hello\"}");
		assertThat(visitor.hears().payload()).contains("id-2", "A room's name has 1 to 32 characters of a-z 0-9 -");
		visitor.says("lobby", "id-3", "no json");
		assertThat(visitor.hears().payload()).contains("id-3", "Send JSON, such as {\\\"text\\\": \\\"hello\\\"}");
		visitor.says("lobby", "x".repeat(65), "{\"text\": \"hello\"}");
		assertThat(visitor.hears().payload()).contains("A message's id has 1 to 64 characters");
	}

	@Test
	void nobodySpeaksOnTheTopicItself() throws Exception {
		Visitor visitor = visitor("Ann");
		visitor.sends("/topic/room.lobby", "id-1", "{\"author\": \"Bob\", \"text\": \"I owe Ann a coffee\"}");
		assertThat(visitor.isRefused()).contains("Clients may not SEND to /topic/room.lobby");
	}

	@Test
	void nobodyComesInWithoutAName() throws Exception {
		Visitor visitor = visitor("<script>");
		assertThat(visitor.isRefused()).contains("CONNECT needs your name in its login header");
	}

	@Test
	void otherTopicsThanRoomsCannotBeReadOverHttp() throws Exception {
		assertThat(get("/realtime/topics/secret/messages")).contains("\"status\":403");
	}

	@Test
	void thePageIsServedWithItsClient() throws Exception {
		assertThat(get("/")).contains("js/main.js");
		assertThat(get("/realtime/realtime-client.js")).contains("export");
		assertThat(get("/chat/config")).contains("\"lobby\"", "ws://localhost:8081/realtime");
	}

	private Visitor visitor(String name) {
		Visitor visitor = Visitor.connects(address, name);
		this.visitors.add(visitor);
		return visitor;
	}

	private static String get(String path) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + path)).build();
		return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
	}

}
