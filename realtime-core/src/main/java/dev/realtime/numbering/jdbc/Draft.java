package dev.realtime.numbering.jdbc;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.log.jdbc.JdbcStore;
import dev.realtime.log.jdbc.MessageRows;
import dev.realtime.log.jdbc.RememberedIds;
import dev.realtime.log.jdbc.RememberedIds.Remembered;
import dev.realtime.log.jdbc.StoredPublication;
import dev.realtime.log.jdbc.TopicRow;
import org.jspecify.annotations.Nullable;

/**
 * Publications before they have their numbers: what the log knew of their topics and ids.
 * For one thread.
 */
final class Draft {

	final List<JdbcStore.Entry> entries;

	final Map<Topic, TopicRow> rows;

	/** The receipts of ids that were published before. */
	private final Map<RememberedIds.Key, PublishReceipt> known = new HashMap<>();

	/** Rows of ids that no longer count. */
	final List<Remembered> forgotten = new ArrayList<>();

	/** How many numbers each topic needs. */
	private final Map<Topic, Integer> counts = new LinkedHashMap<>();

	/** Which entries need a number: not the second one with an id, for example. */
	private final BitSet numbered = new BitSet();

	Draft(List<JdbcStore.Entry> entries, Map<Topic, TopicRow> rows, List<Remembered> ids, long now) {
		this.entries = entries;
		this.rows = rows;
		for (Remembered id : ids) {
			if (id.counts(row(id.key().topic()).epoch(), now)) {
				this.known.put(id.key(), id.receipt());
			}
			else if (!this.forgotten.contains(id)) {
				this.forgotten.add(id);
			}
		}
		Set<RememberedIds.Key> seen = new HashSet<>();
		for (int i = 0; i < entries.size(); i++) {
			RememberedIds.Key key = key(i);
			if (key == null || (!this.known.containsKey(key) && seen.add(key))) {
				this.numbered.set(i);
				this.counts.merge(entries.get(i).publication().topic(), 1, Integer::sum);
			}
		}
	}

	/** The numbers that are needed. */
	List<Demand> demands() {
		List<Demand> demands = new ArrayList<>();
		this.counts.forEach((topic, count) -> demands.add(new Demand(topic, row(topic).head(), count)));
		return demands;
	}

	Set<Topic> topics() {
		return this.counts.keySet();
	}

	TopicRow row(Topic topic) {
		return Objects.requireNonNull(this.rows.get(topic));
	}

	/**
	 * The messages, by the places of their entries, with numbers from the given ones on.
	 */
	SortedMap<Integer, TopicMessage> messages(Map<Topic, Long> firsts, long now) {
		Map<Topic, Long> next = new HashMap<>(firsts);
		SortedMap<Integer, TopicMessage> messages = new TreeMap<>();
		this.numbered.stream().forEach((i) -> {
			Publication publication = this.entries.get(i).publication();
			Topic topic = publication.topic();
			long seq = Objects.requireNonNull(next.get(topic));
			next.put(topic, seq + 1);
			long expiresAt = (publication.timeToLive() != null) ? now + publication.timeToLive().toMillis() : 0;
			messages.put(i, new TopicMessage(topic, new Position(row(topic).epoch(), seq), now, publication.id(),
					publication.content(), publication.excludedSession(), expiresAt));
		});
		return messages;
	}

	/**
	 * With who says them; how many those have is counted when the numbers are settled.
	 */
	List<MessageRows.Sent> sent(SortedMap<Integer, TopicMessage> messages) {
		return messages.entrySet()
			.stream()
			.map((each) -> new MessageRows.Sent(each.getValue(), this.entries.get(each.getKey()).publication().sender(),
					0))
			.toList();
	}

	/** How each topic that gets a message is kept. */
	Map<Topic, TopicPolicy> policies() {
		Map<Topic, TopicPolicy> policies = new HashMap<>();
		this.numbered.stream()
			.mapToObj(this.entries::get)
			.forEach((entry) -> policies.put(entry.publication().topic(), entry.policy()));
		return policies;
	}

	/** What each publisher gets, in order. */
	List<StoredPublication> stored(Map<Integer, TopicMessage> messages, Map<RememberedIds.Key, PublishReceipt> lost,
			Set<Topic> trimDue) {
		Map<RememberedIds.Key, PublishReceipt> duplicates = new HashMap<>(this.known);
		duplicates.putAll(lost);
		List<StoredPublication> stored = new ArrayList<>();
		for (int i = 0; i < this.entries.size(); i++) {
			RememberedIds.Key key = key(i);
			TopicPolicy policy = this.entries.get(i).policy();
			PublishReceipt duplicate = (key != null) ? duplicates.get(key) : null;
			if (duplicate != null) {
				stored.add(new StoredPublication(duplicate, null, policy, false));
				continue;
			}
			TopicMessage message = Objects.requireNonNull(messages.get(i));
			PublishReceipt receipt = new PublishReceipt(message.topic(), message.position(), message.timestamp(),
					false);
			stored.add(new StoredPublication(receipt, message, policy, trimDue.contains(message.topic())));
			if (key != null) {
				duplicates.put(key, new PublishReceipt(message.topic(), message.position(), message.timestamp(), true));
			}
		}
		return stored;
	}

	RememberedIds.@Nullable Key key(int i) {
		Publication publication = this.entries.get(i).publication();
		return (publication.id() != null) ? RememberedIds.key(publication) : null;
	}

	/**
	 * Numbers that are needed.
	 *
	 * @param topic of which topic
	 * @param head its epoch, and a number that all of them must exceed
	 * @param count how many, 1 or more
	 */
	record Demand(Topic topic, Position head, int count) {
	}

}
