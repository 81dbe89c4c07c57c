package dev.realtime.bench.trial;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * What clients of the deployment say. In all texts <code>{n}</code> stands for the
 * client's number and <code>{t}</code> for the topic's.
 *
 * @param run tells this run's messages from all others
 * @param heartbeat between heartbeats of each side; zero for none
 * @param connectHeaders lines {@code name:value}
 * @param destination is subscribed to
 * @param send is published to
 * @param sendHeaders lines {@code name:value}
 * @param body in which <code>{mark}</code> stands for the mark; empty for a text of
 * {@code payload} bytes
 */
record Frames(String run, Duration heartbeat, List<String> connectHeaders, String destination, String send,
		List<String> sendHeaders, String body, int payload) {

	/** Of the one subscription of each client. */
	static final String ID = "load";

	String connect(int client) {
		long millis = this.heartbeat.toMillis();
		StringBuilder frame = new StringBuilder("CONNECT\naccept-version:1.2\nrealtime:1\nheart-beat:").append(millis)
			.append(',')
			.append(millis)
			.append('\n');
		if (this.connectHeaders.stream().noneMatch((line) -> line.startsWith("host:"))) {
			frame.append("host:load\n");
		}
		this.connectHeaders.forEach((line) -> frame.append(filled(line, 0, client)).append('\n'));
		return frame.append("\n\0").toString();
	}

	/** With the position to continue from; none with an empty epoch. */
	String subscribe(int topic, int client, String epoch, long last) {
		String position = epoch.isEmpty() ? "" : "epoch:" + epoch + "\nlast-seq:" + last + '\n';
		return "SUBSCRIBE\nid:" + ID + "\ndestination:" + escaped(destination(topic, client)) + "\nreceipt:live\n"
				+ position + "\n\0";
	}

	String send(Mark mark, int client) {
		String text = this.body.isEmpty() ? padded(mark.text(this.run))
				: filled(this.body, mark.topic(), client).replace("{mark}", mark.text(this.run));
		StringBuilder frame = new StringBuilder(text.length() + 160).append("SEND\ndestination:")
			.append(escaped(filled(this.send, mark.topic(), client)))
			.append("\nreceipt:")
			.append(mark.topic())
			.append('-')
			.append(mark.number())
			.append("\ncontent-type:")
			.append(isJson(text) ? "application/json" : "text/plain")
			.append("\ncontent-length:")
			.append(text.getBytes(StandardCharsets.UTF_8).length)
			.append('\n');
		this.sendHeaders
			.forEach((line) -> frame.append(filled(line, mark.topic(), client).replace("{mark}", mark.text(this.run)))
				.append('\n'));
		return frame.append('\n').append(text).append('\0').toString();
	}

	/** What a client subscribes to. */
	String destination(int topic, int client) {
		return filled(this.destination, topic, client);
	}

	private String padded(String mark) {
		return mark + "x".repeat(Math.max(0, this.payload - mark.length()));
	}

	private static boolean isJson(String text) {
		return text.startsWith("{") || text.startsWith("[") || text.startsWith("\"");
	}

	private static String filled(String template, int topic, int client) {
		return template.replace("{t}", String.valueOf(topic)).replace("{n}", String.valueOf(client));
	}

	private static String escaped(String value) {
		return value.replace("\\", "\\\\").replace(":", "\\c");
	}

}
