package dev.realtime.spring.journey;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import dev.realtime.spring.audit.SecurityEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.PayloadApplicationEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Whatever clients do with credentials and payloads, our log on its finest level and the
 * events have nothing of them.
 */
class SecretsInLogsIT {

	private static final String TOKEN = "secret-token-0123456789";

	private static final String PASSCODE = "secret-passcode-0123456789";

	private static final String COOKIE = "secret-cookie-0123456789";

	private static final String TICKET = "secret-ticket-0123456789" + "A".repeat(19);

	private static final String PAYLOAD = "secret-payload-0123456789";

	private static final String PASSWORD = "Basic "
			+ Base64.getEncoder().encodeToString("handshake:secret".getBytes(StandardCharsets.UTF_8));

	private final Logger ours = (Logger) LoggerFactory.getLogger("dev.realtime");

	private final Lines lines = new Lines();

	private final List<String> events = new CopyOnWriteArrayList<>();

	private final ConfigurableApplicationContext node = TokenNode.start("realtime.netty.port=0",
			"realtime.security.tickets=true", "realtime.limits.connect-timeout=1s");

	/**
	 * Spring's handshake handlers tell of requests at TRACE with all headers, in the name
	 * of the class that extends them.
	 */
	private static final Pattern OF_SPRING = Pattern
		.compile("dev\\.realtime\\.spring\\.upgrade\\.\\S+Handshake Processing request ");

	private final List<String> secrets = new ArrayList<>(List.of("secret-", PASSWORD.substring(6)));

	SecretsInLogsIT() {
		ApplicationListener<PayloadApplicationEvent<SecurityEvent>> listener = new Listener();
		this.node.addApplicationListener(listener);
	}

	@BeforeEach
	void listen() {
		this.lines.start();
		this.ours.setLevel(Level.TRACE);
		this.ours.addAppender(this.lines);
		this.ours.setAdditive(false);
	}

	@AfterEach
	void stop() {
		this.node.close();
		this.ours.detachAppender(this.lines);
		this.ours.setLevel(null);
		this.ours.setAdditive(true);
	}

	@Test
	void rule10_noCredentialAndNoPayloadIsInTheLogOrInAnEvent() {
		String token = TokenNode.TOKENS.token("ann");
		String ended = TokenNode.TOKENS.token("ann", Instant.now().minusSeconds(3_600));
		this.secrets.add(token);
		this.secrets.add(ended);
		for (int port : new int[] { ChatNode.webPort(this.node), ChatNode.port(this.node) }) {
			connects(port, token, ended);
			frames(port, token);
			requests(port, token, ended);
		}
		reads(ChatNode.webPort(this.node));
		await().untilAsserted(() -> assertThat(this.events).hasSizeGreaterThan(20));
		assertThat(this.lines.all).hasSizeGreaterThan(20).allSatisfy(this::hasNoSecret);
		assertThat(this.events).allSatisfy(this::hasNoSecret);
		assertThat(this.events.toString()).contains("door=CONNECT", "door=TICKET", "door=SUBSCRIBE", "door=SEND",
				"door=HTTP", "door=HANDSHAKE");
	}

	private void connects(int port, String token, String ended) {
		connect(port, Map.of("Authorization", "Bearer " + TOKEN));
		connect(port, Map.of("Authorization", "Bearer " + token + TOKEN));
		connect(port, Map.of("Authorization", "Bearer " + ended));
		connect(port, Map.of("Authorization", TOKEN + ' ' + TOKEN));
		connect(port, Map.of("Authorization", TOKEN.repeat(2_000)));
		connect(port, Map.of("login", "ann", "passcode", PASSCODE));
		connect(port, Map.of("ticket", TICKET));
		raw(StompTestClient.openAt(port, "/realtime?ticket=" + TICKET), connectFrame(Map.of()));
		raw(StompTestClient.openAt(port, "/realtime", "ticket." + TICKET), connectFrame(Map.of()));
		raw(StompTestClient.open(port, Map.of("Cookie", "JSESSIONID=" + COOKIE, "Authorization", "Bearer " + TOKEN)),
				connectFrame(Map.of("Authorization", "Bearer " + TOKEN)));
		raw(StompTestClient.open(port), "CONNECT\npasscode" + PASSCODE + "\n\n\0");
		raw(StompTestClient.open(port), "SEND\ndestination:/topic/room.1\n\n" + PAYLOAD + "\0");
		raw(StompTestClient.open(port), PAYLOAD + "\n\n\0");
		StompTestClient.open(port, Map.of("Cookie", COOKIE)).close();
		assertThatThrownBy(() -> StompTestClient.open(port,
				Map.of("Origin", "https://evil.example", "Cookie", "JSESSIONID=" + COOKIE)))
			.isNotNull();
		String issued = ticket();
		this.secrets.add(issued);
		connect(port, Map.of("ticket", issued));
		connect(port, Map.of("ticket", issued));
	}

	private void frames(int port, String token) {
		try (StompTestClient client = StompTestClient.open(port)) {
			Map<String, String> headers = Map.of("Authorization", "Bearer " + token, "realtime", "1", "accept-version",
					"1.2", "host", "localhost");
			client.send("CONNECT", headers, "");
			client.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED"));
			client.send("SEND", Map.of("destination", "/topic/room.1", "x-key", TOKEN, "receipt", "r1"), PAYLOAD);
			client.send("SEND", Map.of("destination", "/topic/forbidden", "x-key", TOKEN), PAYLOAD);
			client.send("SEND", Map.of("destination", "/app/none", "receipt", "r2"), PAYLOAD);
			client.send("SEND", Map.of("destination", "/topic/room.1", "content-type", PAYLOAD + '/'), PAYLOAD);
			client.send("SEND", Map.of("destination", "/topic/room.1", "x", PAYLOAD.repeat(1_000)), PAYLOAD);
			client.send("SUBSCRIBE", Map.of("destination", "/topic/forbidden", "id", "1", "x-key", TOKEN), "");
			client.send("SUBSCRIBE", Map.of("destination", "/topic/room.1", "id", "2", "receipt", "r3"), "");
			client.send("SEND", Map.of("destination", "/realtime/typing", "topic", "room.1", "typing", PAYLOAD), "");
			client.await("the last receipt", (frame) -> "r3".equals(frame.get("receipt-id")));
			client.raw("NONE\nx" + PAYLOAD + "\n\n" + PAYLOAD + "\0");
			await().until(() -> client.closeCode != null);
		}
	}

	private static void requests(int port, String token, String ended) {
		for (String each : List.of(TOKEN, token + TOKEN, ended)) {
			Polls.poll(port, "topic=room.1", "Authorization", "Bearer " + each, "Cookie", "a=" + COOKIE);
			Polls.send(port, "destination=/topic/room.1", PAYLOAD, "Authorization", "Bearer " + each);
			Polls.ask(port, "GET", "/realtime/sse?topic=room.1", "", "Authorization", "Bearer " + each);
		}
		for (String query : List.of("topic=room.1&ticket=" + TICKET, "topic=forbidden&passcode=" + PASSCODE,
				"topic=%25&ticket=" + TICKET, "topic=room.1&login=ann&passcode=" + PASSCODE + "&timeout=" + PAYLOAD)) {
			Polls.poll(port, query);
			Polls.send(port, query.replace("topic=", "destination=/topic/"), PAYLOAD);
		}
		Polls.send(port, "destination=/topic/room.1&ticket=" + URLEncoder.encode(TICKET + '\n', StandardCharsets.UTF_8),
				PAYLOAD);
		Polls.send(port, "destination=/topic/forbidden", PAYLOAD, "Authorization", "Bearer " + token);
		Polls.send(port, "destination=/topic/room.1", PAYLOAD.repeat(20_000), "Authorization", "Bearer " + token);
		Polls.send(port, "destination=/topic/room.1", PAYLOAD, "Origin", "https://evil.example", "Cookie", COOKIE);
	}

	private static void reads(int port) {
		for (String path : List.of("messages", "presence", "snapshot")) {
			Polls.ask(port, "GET", "/realtime/topics/" + path + "?topic=forbidden&ticket=" + TICKET, "", "Cookie",
					"a=" + COOKIE);
			Polls.ask(port, "GET", "/realtime/topics/" + path + "?topic=room.1&after=" + PAYLOAD, "", "Authorization",
					PASSWORD);
		}
		Polls.ask(port, "POST", "/realtime/presence/query", PAYLOAD, "Content-Type", "application/json");
		Polls.ask(port, "POST", "/realtime/topics/read?topic=forbidden", PAYLOAD, "Content-Type", "application/json");
	}

	private String ticket() {
		return Polls.ask(ChatNode.webPort(this.node), "POST", "/realtime/ticket", "", "Authorization", PASSWORD)
			.body()
			.replaceAll(".*\"ticket\":\"([^\"]+)\".*", "$1");
	}

	private static void connect(int port, Map<String, String> headers) {
		raw(StompTestClient.open(port), connectFrame(headers));
	}

	private static String connectFrame(Map<String, String> headers) {
		Map<String, String> all = new LinkedHashMap<>(headers);
		all.put("accept-version", "1.2");
		all.put("host", "localhost");
		StringBuilder frame = new StringBuilder("CONNECT\n");
		all.forEach((name, value) -> frame.append(name).append(':').append(value).append('\n'));
		return frame.append("\n\0").toString();
	}

	/** Waits for an answer, whatever it is. */
	private static void raw(StompTestClient client, String text) {
		try (client) {
			client.raw(text);
			await().until(() -> client.closeCode != null || !client.frames().isEmpty());
		}
	}

	private void hasNoSecret(String line) {
		if (OF_SPRING.matcher(line).lookingAt()) {
			return;
		}
		assertThat(this.secrets).noneSatisfy((secret) -> assertThat(line).contains(secret));
	}

	private final class Listener implements ApplicationListener<PayloadApplicationEvent<SecurityEvent>> {

		@Override
		public void onApplicationEvent(PayloadApplicationEvent<SecurityEvent> event) {
			SecretsInLogsIT.this.events.add(event.getPayload().toString());
		}

	}

	/** Everything that is logged, with the text of failures. */
	private static final class Lines extends AppenderBase<ILoggingEvent> {

		private final List<String> all = new CopyOnWriteArrayList<>();

		@Override
		protected void append(ILoggingEvent event) {
			IThrowableProxy failure = event.getThrowableProxy();
			this.all.add(event.getLoggerName() + ' ' + event.getFormattedMessage()
					+ ((failure != null) ? ThrowableProxyUtil.asString(failure) : ""));
		}

	}

}
