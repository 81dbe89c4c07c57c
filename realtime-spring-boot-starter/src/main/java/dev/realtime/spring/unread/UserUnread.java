package dev.realtime.spring.unread;

import java.security.Principal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.json.Json;
import dev.realtime.spring.ClientInput;
import dev.realtime.spring.RefusedException;
import dev.realtime.spring.security.AccessDecision;
import dev.realtime.spring.security.TopicAuthorization;
import dev.realtime.spring.security.TopicRight;
import dev.realtime.unread.ReadPositions;
import dev.realtime.unread.Unread;
import dev.realtime.unread.UnreadWatch;
import org.jspecify.annotations.Nullable;

/**
 * What users may ask and say about what they have read: about themselves, and about
 * topics that they may read and that are kept in the log's database. Safe for any number
 * of threads; nothing blocks. What is refused is thrown as an
 * {@link UnreadRefusedException}; stages fail when the store does.
 */
public final class UserUnread {

	private final ReadPositions positions;

	private final UnreadWatch watch;

	private final TopicAuthorization access;

	private final Predicate<Topic> kept;

	/**
	 * Guards the given read positions.
	 * @param kept tells whether a topic is kept where read positions are
	 */
	public UserUnread(ReadPositions positions, UnreadWatch watch, TopicAuthorization access, Predicate<Topic> kept) {
		this.positions = positions;
		this.watch = watch;
		this.access = access;
		this.kept = kept;
	}

	/**
	 * The user has read a topic up to a position.
	 * @param epoch of the position; null, together with seq, for everything by now
	 */
	public CompletionStage<Unread> markRead(@Nullable Principal user, String topic, @Nullable String epoch,
			@Nullable Long seq) {
		String name = name(user);
		Topic found = find(user, topic);
		return this.positions.markRead(name, found, position(epoch, seq));
	}

	/** Refuses what {@link #markRead} would refuse whatever the position is. */
	public void check(@Nullable Principal user, String topic) {
		name(user);
		find(user, topic);
	}

	/** What the user has not read: one for each topic, in their order. */
	public CompletionStage<List<Unread>> unread(@Nullable Principal user, List<String> topics) {
		String name = name(user);
		return this.positions.unread(name, List.copyOf(find(user, topics)));
	}

	/**
	 * Tells the user's device what is unread, now and whenever it changes.
	 * @param told called on one thread for all: must be quick and not block
	 */
	public UnreadWatch.Watching watch(@Nullable Principal user, List<String> topics, Consumer<Unread> told) {
		String name = name(user);
		return this.watch.watch(name, find(user, topics), told);
	}

	/** Returns the JSON document of one answer. */
	public static String json(Unread unread) {
		Json json = new Json(128).open('{').optional("topic", unread.topic().name());
		json.optional("epoch", unread.latest().epoch()).name("unread").value(unread.unread());
		json.name("latest").value(unread.latest().seq()).name("read").value(unread.read());
		return json.close('}').toString();
	}

	private static String name(@Nullable Principal user) {
		if (user == null) {
			throw new UnreadRefusedException(UnreadRefusedException.Reason.NO_USER,
					"Log in first: what is read and unread belongs to a user");
		}
		String name = user.getName();
		if (name.isEmpty() || name.length() > ReadPositions.MAX_USER_LENGTH) {
			throw malformed("A user's name has 1 to " + ReadPositions.MAX_USER_LENGTH + " characters here");
		}
		return name;
	}

	private Set<Topic> find(@Nullable Principal user, List<String> names) {
		if (names.isEmpty()) {
			throw malformed("Name at least one topic");
		}
		if (names.size() > ReadPositions.MAX_TOPICS) {
			throw malformed("Name at most " + ReadPositions.MAX_TOPICS + " topics, not " + names.size());
		}
		Set<Topic> found = new LinkedHashSet<>();
		names.forEach((name) -> found.add(find(user, name)));
		return found;
	}

	private Topic find(@Nullable Principal user, String name) {
		Topic topic;
		try {
			topic = ClientInput.topic("bad-read", name);
		}
		catch (RefusedException ex) {
			throw malformed(ex.sentence());
		}
		AccessDecision decision = this.access.decide(TopicRight.READ, user, topic);
		if (!decision.granted()) {
			throw new UnreadRefusedException(UnreadRefusedException.Reason.NO_ACCESS, decision.sentence());
		}
		if (!this.kept.test(topic)) {
			throw new UnreadRefusedException(UnreadRefusedException.Reason.NOT_KEPT,
					"Topic \"" + topic + "\" is not kept in the database, so it has no read positions");
		}
		return topic;
	}

	private static @Nullable Position position(@Nullable String epoch, @Nullable Long seq) {
		if (epoch == null && seq == null) {
			return null;
		}
		if (epoch == null || seq == null) {
			throw malformed("A position is epoch and seq: give both, or neither for everything up to now");
		}
		try {
			return ClientInput.position("bad-read", epoch, seq);
		}
		catch (RefusedException ex) {
			throw malformed(ex.sentence());
		}
	}

	private static UnreadRefusedException malformed(String message) {
		return new UnreadRefusedException(UnreadRefusedException.Reason.MALFORMED, message);
	}

}
