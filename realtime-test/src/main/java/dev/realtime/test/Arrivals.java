package dev.realtime.test;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import dev.realtime.Position;
import org.jspecify.annotations.Nullable;

/**
 * What has come on one subscription, across reconnects. Read and changed with the
 * client's lock held.
 */
final class Arrivals {

	/** Messages and gaps, in their order. */
	private final List<Object> all = new ArrayList<>();

	private final List<ReceivedMessage> messages = new ArrayList<>();

	private final List<MissedRange> gaps = new ArrayList<>();

	/** The events that are no gaps. */
	private final List<ServerFrame> events = new ArrayList<>();

	/** How many messages were returned by an await. */
	private int awaited;

	/** How far the subscription has come; null for a wildcard, and before it is live. */
	private @Nullable Position position;

	/** How far it has come on each destination that a wildcard stands for. */
	private final Map<String, Position> positions = new LinkedHashMap<>();

	void add(ReceivedMessage message, boolean wildcard) {
		this.messages.add(message);
		this.all.add(message);
		if (message.isNumbered() && wildcard) {
			this.positions.put(message.destination(), message.position());
		}
		else if (message.isNumbered()) {
			this.position = message.position();
		}
	}

	void add(MissedRange gap, boolean wildcard) {
		this.gaps.add(gap);
		this.all.add(gap);
		String epoch = gap.epoch();
		if (epoch != null && !wildcard) {
			this.position = new Position(epoch, gap.to());
		}
	}

	void add(ServerFrame event) {
		this.events.add(event);
		this.all.add(event.header("event") + " " + event.headers());
	}

	/** Takes over where a RECEIPT says that the subscription begins. */
	void begin(ServerFrame receipt) {
		String epoch = receipt.header("epoch");
		String seq = receipt.header("seq");
		if (epoch == null || seq == null) {
			return;
		}
		String replayed = receipt.header("replayed");
		long replay = (replayed != null) ? Long.parseLong(replayed) : 0;
		boolean continues = "true".equals(receipt.header("recovered"));
		if (!continues || replay == 0) {
			this.position = new Position(epoch, Math.max(0, Long.parseLong(seq) - replay));
		}
	}

	void comeFrom(Position from) {
		this.position = from;
	}

	@Nullable Position position() {
		return this.position;
	}

	Map<String, Position> positions() {
		return this.positions;
	}

	List<ReceivedMessage> messages() {
		return List.copyOf(this.messages);
	}

	List<MissedRange> gaps() {
		return List.copyOf(this.gaps);
	}

	/** Returns the first event of this kind, or null. */
	@Nullable ServerFrame event(String event) {
		return this.events.stream().filter((each) -> event.equals(each.header("event"))).findFirst().orElse(null);
	}

	/** Returns the next message that matches and passes over those before it, or null. */
	@Nullable ReceivedMessage next(Predicate<? super ReceivedMessage> wanted) {
		for (int i = this.awaited; i < this.messages.size(); i++) {
			if (wanted.test(this.messages.get(i))) {
				this.awaited = i + 1;
				return this.messages.get(i);
			}
		}
		return null;
	}

	/** Returns the next so many messages, or null if there are fewer. */
	@Nullable List<ReceivedMessage> next(int count) {
		if (this.messages.size() - this.awaited < count) {
			return null;
		}
		this.awaited += count;
		return List.copyOf(this.messages.subList(this.awaited - count, this.awaited));
	}

	/** Returns the messages that match of those that were not awaited. */
	List<ReceivedMessage> unexpected(Predicate<? super ReceivedMessage> wanted) {
		return this.messages.subList(this.awaited, this.messages.size())
			.stream()
			.<ReceivedMessage>map((each) -> each)
			.filter(wanted)
			.toList();
	}

	/** Says what has come. */
	String describe() {
		if (this.all.isEmpty()) {
			return "Nothing was received.";
		}
		StringBuilder text = new StringBuilder("Received:");
		int message = 0;
		for (Object each : this.all) {
			text.append("\n  ").append(each);
			if (each instanceof ReceivedMessage && message++ < this.awaited) {
				text.append("  (awaited before)");
			}
		}
		return text.append('\n').toString();
	}

}
