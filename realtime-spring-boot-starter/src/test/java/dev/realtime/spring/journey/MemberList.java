package dev.realtime.spring.journey;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a client makes of presence, as docs/protocol.md says: it reads the members, then
 * applies joins and leaves; where only numbers are told it shows the number, until it is
 * told to read anew. For one thread.
 */
final class MemberList {

	private final StompTestClient client;

	private final int httpPort;

	private final String topic;

	private final Set<String> members = new TreeSet<>();

	private int seen;

	private long position;

	private long count;

	private boolean exact;

	MemberList(StompTestClient client, int httpPort, String topic) {
		this.client = client;
		this.httpPort = httpPort;
		this.topic = topic;
		client.subscribe("presence", "/topic/_presence." + topic);
		read();
	}

	/** Applies what came meanwhile. */
	MemberList update() {
		List<StompFrame> all = this.client.messages();
		for (; this.seen < all.size(); this.seen++) {
			StompFrame message = all.get(this.seen);
			if (message.seq() > this.position) {
				this.position = message.seq();
				apply(message);
			}
		}
		return this;
	}

	/** Whether every member is known by name. */
	boolean isExact() {
		return this.exact;
	}

	Set<String> members() {
		return this.members;
	}

	long count() {
		return this.exact ? this.members.size() : this.count;
	}

	private void apply(StompFrame message) {
		switch (message.header("type")) {
			case "join" -> this.members.add(value(message));
			case "leave" -> this.members.remove(value(message));
			case "count" -> {
				this.exact = false;
				this.count = Long.parseLong(value(message));
			}
			case "reset" -> read();
			default -> throw new IllegalStateException("Unknown: " + message);
		}
	}

	private void read() {
		Map<String, Object> read = Http.json(this.httpPort, "/realtime/topics/" + this.topic + "/presence");
		this.members.clear();
		for (Object member : (List<?>) Objects.requireNonNull(read.get("members"))) {
			this.members.add(String.valueOf(((Map<?, ?>) member).get("user")));
		}
		this.position = ((Number) Objects.requireNonNull(read.get("seq"))).longValue();
		this.exact = true;
	}

	private static String value(StompFrame message) {
		return message.body().replaceAll(".*(?:\"user\":\"|\"count\":)([^\"}]*).*", "$1");
	}

}
