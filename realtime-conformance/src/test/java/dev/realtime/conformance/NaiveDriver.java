package dev.realtime.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/**
 * A driver with a client as people write it on their first evening: it reads one frame
 * from each WebSocket message, comes back at once whatever the code, subscribes again
 * without a position, and sends no heartbeats. The kit must find all of that. With the
 * argument {@code plain} it is a client of plain STOMP: it knows no control events and no
 * receipts of SUBSCRIBE, negotiates no heartbeats, and writes credentials in lower case.
 */
final class NaiveDriver implements WebSocket.Listener {

	private static final ObjectMapper JSON = new ObjectMapper();

	private final Map<String, String> destinations = new LinkedHashMap<>();

	private final HttpClient http = HttpClient.newHttpClient();

	private final StringBuilder text = new StringBuilder();

	private final boolean plain;

	private String url = "";

	private Map<String, String> headers = Map.of();

	private @Nullable WebSocket socket;

	private boolean wanted = true;

	private NaiveDriver(boolean plain) {
		this.plain = plain;
	}

	public static void main(String[] args) throws IOException {
		NaiveDriver driver = new NaiveDriver(List.of(args).contains("plain"));
		report("ready", Map.of());
		try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				driver.handle(JSON.readTree(line));
			}
		}
		System.exit(0);
	}

	private synchronized void handle(JsonNode command) {
		switch (command.path("command").asText()) {
			case "connect" -> {
				this.url = command.path("url").asText();
				this.headers = headers(command);
				open();
			}
			case "credentials" -> this.headers = headers(command);
			case "subscribe" -> {
				this.destinations.put(command.path("id").asText(), command.path("destination").asText());
				subscribe(command.path("id").asText());
			}
			case "unsubscribe" -> {
				this.destinations.remove(command.path("id").asText());
				send("UNSUBSCRIBE", Map.of("id", command.path("id").asText()), "");
			}
			case "publish" -> publish(command);
			case "disconnect" -> {
				this.wanted = false;
				send("DISCONNECT", Map.of(), "");
			}
			default -> report("unsupported", Map.of("command", command.path("command").asText()));
		}
	}

	private static Map<String, String> headers(JsonNode command) {
		Map<String, String> headers = new TreeMap<>();
		command.path("headers").properties().forEach((each) -> headers.put(each.getKey(), each.getValue().asText()));
		return headers;
	}

	private void open() {
		while (this.wanted) {
			try {
				this.socket = this.http.newWebSocketBuilder()
					.subprotocols("v12.stomp")
					.buildAsync(URI.create(this.url), this)
					.join();
				send("CONNECT", connectHeaders(), "");
				return;
			}
			catch (CompletionException ex) {
				// It tries again, at once.
			}
		}
	}

	private Map<String, String> connectHeaders() {
		Map<String, String> connect = new LinkedHashMap<>();
		this.headers.forEach((name, value) -> connect.put(this.plain ? name.toLowerCase(Locale.ROOT) : name,
				this.plain ? value.replaceFirst("^Bearer ", "bearer ") : value));
		connect.put("accept-version", "1.2");
		connect.put("host", "localhost");
		connect.put("heart-beat", this.plain ? "0,0" : "1000,1000");
		if (!this.plain) {
			connect.put("realtime", "1");
		}
		return connect;
	}

	private void subscribe(String id) {
		Map<String, String> subscribe = new LinkedHashMap<>();
		subscribe.put("id", id);
		subscribe.put("destination", this.destinations.getOrDefault(id, ""));
		if (!this.plain) {
			subscribe.put("receipt", "sub-" + id);
		}
		send("SUBSCRIBE", subscribe, "");
	}

	private void publish(JsonNode command) {
		Map<String, String> frame = headers(command);
		frame.put("destination", command.path("destination").asText());
		frame.put("receipt", command.path("ref").asText());
		frame.put("content-type", "text/plain");
		for (String name : new String[] { "id", "type" }) {
			if (command.has(name)) {
				frame.put(name, command.path(name).asText());
			}
		}
		send("SEND", frame, command.path("text").asText());
	}

	private void send(String command, Map<String, String> headers, String body) {
		StringBuilder frame = new StringBuilder(command).append('\n');
		headers.forEach((name, value) -> frame.append(name).append(':').append(value).append('\n'));
		if (this.socket != null) {
			try {
				this.socket.sendText(frame.append('\n').append(body).append('\0'), true).join();
			}
			catch (CompletionException ex) {
				report("error", Map.of("message", ex.toString()));
			}
		}
	}

	@Override
	public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
		webSocket.request(1);
		this.text.append(data);
		if (last) {
			String message = this.text.toString();
			this.text.setLength(0);
			if (!message.isBlank()) {
				onFrame(message);
			}
		}
		return null;
	}

	private synchronized void onFrame(String message) {
		int end = message.indexOf("\n\n");
		Map<String, String> headers = new LinkedHashMap<>();
		message.substring(0, Math.max(0, end)).lines().skip(1).forEach((line) -> {
			int colon = line.indexOf(':');
			headers.put(line.substring(0, colon), line.substring(colon + 1));
		});
		int nul = message.indexOf('\0');
		String body = message.substring(end + 2, (nul < 0) ? message.length() : nul);
		if (message.startsWith("CONNECTED")) {
			report("connected", Map.of());
			this.destinations.keySet().forEach(this::subscribe);
		}
		else if (message.startsWith("RECEIPT") && headers.containsKey("seq") && !isOfSubscribe(headers)) {
			Map<String, Object> published = position(headers);
			published.put("ref", headers.get("receipt-id"));
			report("published", published);
		}
		else if (message.startsWith("MESSAGE") && headers.containsKey("seq")) {
			Map<String, Object> event = position(headers);
			event.put("id", headers.get("subscription"));
			event.put("topic", headers.getOrDefault("destination", "").replaceFirst("/topic/", ""));
			event.put("type", headers.get("type"));
			event.put("headers", headers);
			event.put("text", body);
			report("message", event);
		}
	}

	private static boolean isOfSubscribe(Map<String, String> headers) {
		return headers.getOrDefault("receipt-id", "").startsWith("sub-");
	}

	private static Map<String, Object> position(Map<String, String> headers) {
		Map<String, Object> position = new LinkedHashMap<>();
		position.put("epoch", headers.get("epoch"));
		position.put("seq", Long.parseLong(headers.getOrDefault("seq", "0")));
		return position;
	}

	@Override
	public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
		lost(statusCode, reason);
		return null;
	}

	@Override
	public void onError(WebSocket webSocket, Throwable error) {
		lost(1006, "");
	}

	private synchronized void lost(int code, String reason) {
		report("disconnected", Map.of("code", code, "reason", reason));
		if (this.wanted) {
			new Thread(this::reopen).start();
		}
	}

	private synchronized void reopen() {
		open();
	}

	private static void report(String event, Map<String, Object> members) {
		Map<String, Object> line = new LinkedHashMap<>();
		line.put("event", event);
		line.putAll(members);
		synchronized (JSON) {
			System.out.println(JSON.valueToTree(line).toString());
		}
	}

}
