package dev.realtime.sample.chat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The chat's own rules, as a plain STOMP client meets them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChatIT {

	private final List<Visitor> visitors = new ArrayList<>();

	private RedisServer redis;

	private ChatNode node;

	private String address;

	@BeforeAll
	void startNode(@TempDir Path data) {
		this.redis = RedisServer.start();
		this.node = launch("--spring.data.redis.url=" + this.redis.uri(), "--chat.data=" + data).awaitReady();
		this.address = "localhost:" + this.node.port();
	}

	/** Launches the node that is tested. */
	ChatNode launch(String... arguments) {
		return ChatNode.launch(arguments);
	}

	/** The node that is tested. */
	final ChatNode node() {
		return this.node;
	}

	@AfterAll
	void stopNode() {
		this.node.close();
		this.redis.close();
	}

	@AfterEach
	void leave() {
		this.visitors.forEach(Visitor::close);
		this.visitors.clear();
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
		assertThat(visitor.reads("/realtime/topics/room.stored/messages")).contains("\"seq\":1", "hello");
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
			.isEqualTo("{\"id\":\"id-1\",\"why\":\"The message is empty\",\"retry\":false}");
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
	void aForgedTokenGetsNoTicketAndAForgedTicketIsRefused() throws Exception {
		assertThat(Visitor.fetchTicket(this.address, "QW5u.Zm9yZ2Vk").statusCode()).isEqualTo(401);
		Visitor stranger = Visitor.withTicket(this.address, "Zm9yZ2Vk".repeat(6).substring(0, 43));
		this.visitors.add(stranger);
		assertThat(stranger.isRefused()).contains("This ticket is not valid");
	}

	/**
	 * The secret that was in the sources once, and the name-only login from elsewhere.
	 */
	@Test
	void nothingThatIsInTheSourcesLetsStrangersIn() throws Exception {
		Mac mac = Mac.getInstance("HmacSHA256");
		mac.init(new SecretKeySpec("only-for-trying-out".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
		String signature = Base64.getUrlEncoder()
			.withoutPadding()
			.encodeToString(mac.doFinal("Ann".getBytes(StandardCharsets.UTF_8)));
		assertThat(Visitor.fetchTicket(this.address, "QW5u." + signature).statusCode()).isEqualTo(401);
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + this.address + "/chat/login"))
			.header("Content-Type", "application/json")
			.header("X-Forwarded-For", "203.0.113.7")
			.POST(HttpRequest.BodyPublishers.ofString("{\"name\": \"Ann\"}"))
			.build();
		HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
		assertThat(answer.statusCode()).isEqualTo(403);
		assertThat(answer.body()).contains("only from the node's own machine");
	}

	@Test
	void whoHasNoTicketSeesPricesAndNothingElse() throws Exception {
		assertThat(Visitor.withTicket(this.address, "").listens("/topic/prices").hears().payload())
			.contains("\"ACME\"");
		Visitor stranger = Visitor.withTicket(this.address, "");
		assertThat(stranger.isRefused("/topic/room.lobby")).contains("You may not read topic");
		assertThat(get("/realtime/topics/room.lobby/messages")).contains("\"status\":403");
		assertThat(get("/realtime/topics/prices/messages")).contains("\"ACME\"");
		assertThat(get("/realtime/topics/prices/snapshot")).contains("\"epoch\":", "\"seq\":", "\"state\":[")
			.contains("\"ACME\"");
	}

	@Test
	void aDirectMessageIsForTwoThroughEveryDoor() throws Exception {
		Visitor ann = visitor("Ann").listens("/topic/dm.Ann.Bob_20_c3_91");
		Visitor bob = visitor("Bob Ñ").listens("/user/queue/notices");
		ann.tells("Bob Ñ", "id-1", "{\"text\": \"just you\"}");
		assertThat(ann.hears().payload()).isEqualTo("{\"author\":\"Ann\",\"text\":\"just you\"}");
		Visitor.Received notice = bob.hears();
		assertThat(notice.payload()).isEqualTo("{\"from\":\"Ann\",\"room\":null,\"text\":\"just you\"}");
		assertThat(notice.header("seq")).isEqualTo("1");
		String path = "/realtime/topics/dm.Ann.Bob_20_c3_91/messages";
		assertThat(bob.reads(path)).contains("just you");
		Visitor eve = visitor("Eve");
		assertThat(eve.reads(path)).contains("\"status\":403");
		assertThat(eve.reads("/realtime/topics/_user.Bob_20_c3_91.queue.notices/messages")).contains("\"status\":403");
		assertThat(eve.isRefused("/topic/dm.Ann.Bob_20_c3_91")).contains("You may not read");
	}

	@Test
	void theMentionedFindItInTheirInboxOnceHoweverOftenItIsSent() throws Exception {
		Visitor ann = visitor("Ann").listens("/topic/room.mention");
		Visitor mia = visitor("Mia Li").listens("/user/queue/notices");
		for (int i = 0; i < 2; i++) {
			ann.says("mention", "id-1", "{\"text\": \"ask @\\\"Mia Li\\\" or me@Mia, @Ann\"}");
		}
		ann.says("mention", "id-2", "{\"text\": \"@Mia? @\\\"Mia Li\\\"!\"}");
		assertThat(mia.hears().payload()).contains("\"room\":\"mention\"", "ask @");
		Visitor.Received second = mia.hears();
		assertThat(second.header("id")).isEqualTo("id-2");
		assertThat(second.header("seq")).isEqualTo("2");
	}

	@Test
	void anIdThatIsKnownMentionsNoOneElse() throws Exception {
		Visitor ann = visitor("Ann").listens("/topic/room.repeated");
		Visitor kim = visitor("Kim Li").listens("/user/queue/notices");
		ann.says("repeated", "id-1", "{\"text\": \"hello\"}");
		ann.says("repeated", "id-1", "{\"text\": \"hello @\\\"Kim Li\\\"\"}");
		ann.says("repeated", "id-2", "{\"text\": \"now @\\\"Kim Li\\\"\"}");
		assertThat(kim.hears().payload()).contains("now");
	}

	@Test
	void aNameThatNobodyMayHaveIsRefusedWithTheRule() throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + this.address + "/chat/login"))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString("{\"name\": \"<script>\"}"))
			.build();
		HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
		assertThat(answer.statusCode()).isEqualTo(400);
		assertThat(answer.body()).contains("A name has 1 to 24 letters");
	}

	@Test
	void theFleetSpeaksOfItselfAndShowsTheWayOfAMessage() throws Exception {
		Visitor ann = visitor("Ann").listens("/topic/fleet");
		assertThat(ann.hears().payload()).contains("\"node\":\"node ", "\"connections\":");
		ann.sends("/app/fleet/probe", "id-1", "");
		Visitor.Received probe = ann.hears();
		while (!"probe".equals(probe.header("type"))) {
			probe = ann.hears();
		}
		assertThat(probe.header("id")).isEqualTo("id-1");
		assertThat(probe.payload()).contains("\"by\":\"node ", "\"at\":");
	}

	@Test
	void otherTopicsCannotBeRead() throws Exception {
		assertThat(visitor("Ann").reads("/realtime/topics/secret/messages")).contains("\"status\":403");
	}

	@Test
	void thePageIsServedWithItsClient() throws Exception {
		assertThat(get("/")).contains("js/main.js");
		assertThat(get("/realtime/realtime-client.js")).contains("export");
		assertThat(get("/chat/config")).contains("\"lobby\"");
	}

	private Visitor visitor(String name) throws Exception {
		Visitor visitor = Visitor.connects(this.address, name);
		this.visitors.add(visitor);
		return visitor;
	}

	private String get(String path) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + this.address + path)).build();
		return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
	}

}
