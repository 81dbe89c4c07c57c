package dev.realtime.spring.journey;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Every entry point of a node through which a client reaches a topic, asked as one user.
 * The node is a {@link ChatNode} with an {@link UnreadNode} and a Netty port.
 */
final class EntryPoints {

	private static final String GRANTED = "granted";

	private final int web;

	private final int netty;

	private final @Nullable String user;

	EntryPoints(int web, int netty, @Nullable String user) {
		this.web = web;
		this.netty = netty;
		this.user = user;
	}

	/** Returns what each entry point says to somebody who would read the topic. */
	Map<String, String> read(String topic) {
		Map<String, String> answers = new LinkedHashMap<>();
		String query = "topic=" + encoded(topic);
		for (int port : new int[] { this.web, this.netty }) {
			String on = (port == this.web) ? "" : " on Netty";
			answers.put("SUBSCRIBE" + on, subscribed(port, topic, Map.of()));
			answers.put("recovery" + on, subscribed(port, topic, Map.of("epoch", "7QX2M0A9BC", "last-seq", "1")));
			answers.put("rewind" + on, subscribed(port, topic, Map.of("rewind", "10")));
			answers.put("stream" + on, streamed(port, query));
			answers.put("poll" + on, polled(port, query));
		}
		answers.put("messages", status(get("/realtime/topics/messages?" + query)));
		answers.put("snapshot", status(get("/realtime/topics/snapshot?" + query)));
		if (this.user != null && !topic.startsWith("_")) {
			answers.put("typing", sent(this.web, "/realtime/typing", Map.of("topic", topic, "typing", "true")));
			answers.put("read", sent(this.web, "/realtime/read", Map.of("topic", topic)));
			answers.put("unread", status(get("/realtime/unread?" + query)));
			answers.put("POST read", status(ask("POST", "/realtime/topics/read?" + query)));
			answers.put("POST typing",
					status(ask("POST", "/realtime/send?destination=/realtime/typing&typing=true&" + query + login())));
		}
		return answers;
	}

	/** The same, to somebody who would see who is on the topic. */
	Map<String, String> members(String topic) {
		Map<String, String> answers = new LinkedHashMap<>();
		answers.put("presence", status(get("/realtime/topics/presence?topic=" + encoded(topic))));
		answers.put("query", status(Polls.ask(this.web, "POST", "/realtime/presence/query",
				"{\"topic\":\"" + topic + "\",\"users\":[\"ann\"]}", headers("Content-Type", "application/json"))));
		answers.putAll(read("_presence." + topic));
		return answers;
	}

	/** The same, to somebody who would send straight to the topic. */
	Map<String, String> publish(String topic) {
		Map<String, String> answers = new LinkedHashMap<>();
		for (int port : new int[] { this.web, this.netty }) {
			String on = (port == this.web) ? "" : " on Netty";
			answers.put("SEND" + on, sent(port, "/topic/" + topic, Map.of()));
			answers.put("POST" + on, status(Polls.send(port, "destination=/topic/" + encoded(topic) + login(), "x")));
		}
		return answers;
	}

	/**
	 * Returns how each entry point turns away a user who must not come in at all: the
	 * code of the close or the status, and the word.
	 */
	Map<String, String> turnedAway(String topic) {
		Map<String, String> answers = new LinkedHashMap<>();
		String query = "topic=" + encoded(topic);
		for (int port : new int[] { this.web, this.netty }) {
			String on = (port == this.web) ? "" : " on Netty";
			Map.of("SUBSCRIBE", "SUBSCRIBE\nid:s\ndestination:/topic/" + topic + "\nreceipt:r\n\n\0", "recovery",
					"SUBSCRIBE\nid:s\nepoch:7QX2M0A9BC\nlast-seq:1\ndestination:/topic/" + topic + "\nreceipt:r\n\n\0",
					"SEND", "SEND\ndestination:/topic/" + topic + "\nreceipt:r\n\nx\0", "SEND to the application",
					"SEND\ndestination:/app/say\nreceipt:r\n\nx\0", "typing",
					"SEND\ndestination:/realtime/typing\ntyping:true\ntopic:" + topic + "\nreceipt:r\n\n\0", "read",
					"SEND\ndestination:/realtime/read\ntopic:" + topic + "\nreceipt:r\n\n\0")
				.forEach((door, frame) -> answers.put(door + on, closed(port, frame)));
			answers.put("stream" + on, problem(Polls.ask(port, "GET", "/realtime/sse?" + query + login(), "")));
			answers.put("poll" + on, problem(Polls.poll(port, query + login())));
			answers.put("POST" + on, problem(Polls.send(port, "destination=/topic/" + encoded(topic) + login(), "x")));
			answers.put("POST typing" + on,
					problem(Polls.send(port, "destination=/realtime/typing&typing=true&" + query + login(), "")));
		}
		for (String read : new String[] { "topics/messages", "topics/snapshot", "topics/presence", "unread" }) {
			answers.put(read, problem(get("/realtime/" + read + '?' + query)));
		}
		answers.put("query", problem(Polls.ask(this.web, "POST", "/realtime/presence/query",
				"{\"topic\":\"" + topic + "\",\"users\":[\"ann\"]}", headers("Content-Type", "application/json"))));
		answers.put("POST read", problem(ask("POST", "/realtime/topics/read?" + query)));
		answers.put("POST ticket", problem(ask("POST", "/realtime/ticket")));
		return answers;
	}

	/** Sends a frame along with the CONNECT. */
	private String closed(int port, String frame) {
		try (StompTestClient client = StompTestClient.open(port)) {
			client
				.raw("CONNECT\naccept-version:1.2\nhost:localhost\nrealtime:1\nlogin:" + this.user + "\n\n\0" + frame);
			await().until(() -> client.closeCode != null || client.frames().size() > 1);
			assertThat(client.frames()).extracting(StompFrame::command).containsExactly("ERROR");
			return client.closeCode + " " + client.closeReason;
		}
	}

	private static String problem(HttpResponse<String> answer) {
		return (answer.statusCode() < 400) ? answer.toString()
				: answer.statusCode() + " " + Polls.json(answer).get("reason");
	}

	private String subscribed(int port, String topic, Map<String, String> more) {
		try (StompTestClient client = connected(port)) {
			return answer(client.subscribe("s", "/topic/" + topic, more));
		}
	}

	private String sent(int port, String destination, Map<String, String> more) {
		try (StompTestClient client = connected(port)) {
			Map<String, String> headers = new HashMap<>(more);
			headers.put("destination", destination);
			headers.put("receipt", "r");
			client.send("SEND", headers, "");
			return answer(client.await("an answer", (frame) -> "r".equals(frame.get("receipt-id"))));
		}
	}

	private static String answer(StompFrame frame) {
		return frame.command().equals("RECEIPT") ? GRANTED : String.valueOf(frame.get("reason"));
	}

	private String streamed(int port, String query) {
		try (EventStream stream = EventStream.open(port, query + login())) {
			return stream.events("denied")
				.stream()
				.map((denied) -> String.valueOf(denied.json().get("reason")))
				.findFirst()
				.orElse(GRANTED);
		}
	}

	private String polled(int port, String query) {
		return Polls.events(Polls.poll(port, query + login()))
			.stream()
			.filter((event) -> "denied".equals(event.get("event")))
			.map((event) -> String.valueOf(event.get("reason")))
			.findFirst()
			.orElse(GRANTED);
	}

	private StompTestClient connected(int port) {
		if (this.user != null) {
			return StompTestClient.connect(port, this.user);
		}
		StompTestClient client = StompTestClient.open(port);
		client.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost", "realtime", "1"), "");
		client.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED"));
		return client;
	}

	private HttpResponse<String> get(String path) {
		return ask("GET", path);
	}

	private HttpResponse<String> ask(String method, String path) {
		return Polls.ask(this.web, method, path, "", headers());
	}

	/** A topic that may be read has no snapshot here, which is no refusal. */
	private static String status(HttpResponse<String> answer) {
		int status = answer.statusCode();
		if (status == 403) {
			return answer.body().contains("No access rule of this service names") ? "unknown-topic" : "no-access";
		}
		return (status < 300 || status == 404) ? GRANTED : String.valueOf(answer);
	}

	private String login() {
		return (this.user != null) ? "&login=" + encoded(this.user) : "";
	}

	private String[] headers(String... more) {
		if (this.user == null) {
			return more;
		}
		String[] all = java.util.Arrays.copyOf(more, more.length + 2);
		all[more.length] = UnreadNode.USER;
		all[more.length + 1] = this.user;
		return all;
	}

	private static String encoded(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

}
