package dev.realtime.conformance.server;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.broker.Broker;
import dev.realtime.log.LogPage;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.publisher.RealtimeSignals;
import dev.realtime.spring.sessions.RealtimeSessions;
import dev.realtime.test.RealtimeFaults;
import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.RealtimeTestKit;
import dev.realtime.unread.ReadPositions;
import dev.realtime.unread.Unread;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.simp.SimpMessagingTemplate;

/** A node in this process, and what cases make it do. */
public final class Server implements AutoCloseable {

	/** Of topics whose last segment is {@code short}, so many messages are kept. */
	public static final int SHORT_HISTORY = 5;

	/** One recovery replays so many messages. */
	public static final int MOST_REPLAYED = 300;

	private static final int MOST_READ = 1_000;

	private static final long WAIT_SECONDS = 10;

	private static final String[] SETTINGS = { "--server.port=0", "--server.address=127.0.0.1",
			"--spring.main.banner-mode=off", "--realtime.broker=memory", "--realtime.drain.enabled=false",
			"--realtime.security.require-user=false", "--realtime.unknown-topics=allow",
			"--realtime.topic-defaults.client-publish=true", "--realtime.topic-defaults.history-size=1000",
			"--realtime.topics.short.pattern=*.short", "--realtime.topics.short.history-size=" + SHORT_HISTORY,
			"--realtime.topics.own.pattern=*.own.{user}", "--realtime.topics.own.read=owner:{user}",
			"--realtime.topics.readonly.pattern=*.readonly", "--realtime.topics.readonly.client-publish=false",
			"--realtime.recovery.max-messages=" + MOST_REPLAYED, "--realtime.publish.client-headers=note",
			"--realtime.security.expiry-notice=2500ms", "--realtime.http.poll-timeout=3s" };

	private final ConfigurableApplicationContext application;

	private final RealtimeFaults faults;

	private Server(ConfigurableApplicationContext application) {
		this.application = application;
		this.faults = RealtimeFaults.of(application);
	}

	/** Starts a node on a free port of the loopback interface, with more settings. */
	static Server start(String... more) {
		String[] all = Stream.concat(Stream.of(SETTINGS), Stream.of(more)).toArray(String[]::new);
		return new Server(new SpringApplicationBuilder(ConformanceApplication.class).web(WebApplicationType.SERVLET)
			.initializers(new RealtimeTestKit())
			.run(all));
	}

	public int port() {
		return this.application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	/** Publishes texts, one after the other. */
	public void publish(String topic, String... texts) {
		for (String text : texts) {
			publish(topic, "text/plain", text.getBytes(StandardCharsets.UTF_8), null, Map.of());
		}
	}

	/** Publishes bytes with a type and headers. */
	public void publish(String topic, String contentType, byte[] payload, @Nullable String type,
			Map<String, String> headers) {
		Publication.Builder publication = Publication.to(Topic.of(topic)).payload(payload, contentType).type(type);
		headers.forEach(publication::header);
		this.application.getBean(RealtimePublisher.class).publishAndWait(publication.build());
	}

	/** Sends a text to a user's own destination, such as {@code /queue/notices}. */
	public void sendToUser(String user, String destination, String text) {
		this.application.getBean(SimpMessagingTemplate.class).convertAndSendToUser(user, destination, text);
	}

	/** Sends a signal to the topic's subscribers. */
	public void signal(String topic, String type, String user, Object payload) {
		await(this.application.getBean(RealtimeSignals.class).send(topic, type, user, payload));
	}

	/** Takes a number that no message will have. */
	public void skipNumber(String topic) {
		await(broker().sequence().next(Topic.of(topic)));
	}

	/** Loses the numbering and the history of all topics. */
	public void loseNumbering() {
		this.faults.loseNumbering();
	}

	/** Returns the last position of the topic. */
	public Position head(String topic) {
		return await(broker().log().peek(List.of(Topic.of(topic)))).get(0);
	}

	/** Returns the stored messages of the topic's epoch. */
	public List<TopicMessage> history(String topic) {
		LogPage page = await(broker().log().read(Topic.of(topic), head(topic).withSeq(0), MOST_READ));
		return (page instanceof LogPage.Found found) ? found.messages() : List.of();
	}

	/** Returns another client, of that user. */
	public RealtimeTestClient client(String user) {
		return RealtimeTestClient.of(this.application).asUser(user);
	}

	/**
	 * Returns what the user has not read of the topic; only on a node with a database.
	 */
	public Unread unread(String user, String topic) {
		return await(positions().unread(user, List.of(Topic.of(topic)))).get(0);
	}

	/** Moves the user's read position to the end of the topic, as another device does. */
	public void read(String user, String topic) {
		await(positions().markRead(user, Topic.of(topic), null));
	}

	private ReadPositions positions() {
		return this.application.getBean(ReadPositions.class);
	}

	/** Returns how many subscriptions the node has to the topic. */
	public int subscribers(String topic) {
		return this.application.getBean(RealtimeNode.class).hub().subscribers(Topic.of(topic));
	}

	/** Tells the user's connections to leave, as at the end of a node. */
	public void drain(String user, Duration after) {
		var hub = this.application.getBean(RealtimeNode.class).hub();
		hub.connections()
			.stream()
			.filter((connection) -> user.equals(connection.user()))
			.forEach((connection) -> hub.scheduleReconnect(connection, after));
	}

	/** Closes the user's connections with 4501. */
	public void disconnect(String user, String reason) {
		await(sessions().disconnectUser(user, reason));
	}

	/** Ends the user's subscriptions to the topic. */
	public void unsubscribe(String user, String topic) {
		await(sessions().unsubscribe(user, topic));
	}

	/** Revokes a token, which closes the connections that it has opened with 4003. */
	public void revoke(String token) {
		await(sessions().revokeToken(token));
	}

	@Override
	public void close() {
		this.faults.close();
		this.application.close();
	}

	private Broker broker() {
		return this.application.getBean(Broker.class);
	}

	private RealtimeSessions sessions() {
		return this.application.getBean(RealtimeSessions.class);
	}

	private static <T> T await(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(WAIT_SECONDS, TimeUnit.SECONDS).join();
	}

}
