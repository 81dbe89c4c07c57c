package dev.realtime.spring.security;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.realtime.IllegalTopicException;
import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.spring.ClientInput;
import org.jspecify.annotations.Nullable;

/**
 * What a token grants to its user: all that the user may do, apart from the user's own
 * topics. The claims look like one of these:
 *
 * <pre>
 * "topics": ["order.42.*"]
 * "topics": {"read": ["order.42.*"], "publish": ["order.42.notes"], "members": []}
 * "authorization_details": [{"type": "realtime", "actions": ["read", "members"], "topics": ["order.42.*"]}]
 * </pre>
 *
 * A list alone grants reading. Authorization details (RFC 9396) of other types are not
 * for this service; where both claims are there, both grant. Not for applications.
 *
 * @param read which topics may be read
 * @param publish to which clients may send, where that is allowed at all
 * @param members on which members are seen
 */
public record TokenGrants(List<TopicPattern> read, List<TopicPattern> publish, List<TopicPattern> members) {

	/** The type of authorization details that are for this service. */
	static final String TYPE = "realtime";

	private static final String TOPICS = "topics";

	private static final String DETAILS = "authorization_details";

	private static final String ACTIONS = "actions";

	private static final Set<String> RIGHTS = Set.of("read", "publish", "members");

	public TokenGrants {
		read = List.copyOf(read);
		publish = List.copyOf(publish);
		members = List.copyOf(members);
	}

	/**
	 * Reads the claims of a token.
	 * @param most most patterns that a token may have
	 * @return null if none of them is about topics
	 * @throws InvalidGrantsException if one is, and is malformed
	 */
	static @Nullable TokenGrants of(Map<String, Object> claims, int most) {
		Object topics = claims.get(TOPICS);
		Object details = claims.get(DETAILS);
		if (topics == null && details == null) {
			return null;
		}
		Reader reader = new Reader(most);
		if (topics instanceof Map<?, ?> byRight) {
			byRight.forEach((right, patterns) -> reader.add(List.of(right), TOPICS, patterns));
		}
		else if (topics != null) {
			reader.add(List.of("read"), TOPICS, topics);
		}
		boolean ours = topics != null;
		if (details != null) {
			for (Object each : list(DETAILS, details)) {
				if (!(each instanceof Map<?, ?> detail)) {
					throw new InvalidGrantsException("each entry of " + DETAILS + " must be an object");
				}
				if (TYPE.equals(detail.get("type"))) {
					ours = true;
					reader.add(list(ACTIONS, detail.get(ACTIONS)), TOPICS, detail.get(TOPICS));
				}
			}
		}
		return ours ? new TokenGrants(reader.read, reader.publish, reader.members) : null;
	}

	/** Whether the token names it. */
	boolean grants(TopicRight right, Topic topic) {
		List<TopicPattern> patterns = switch (right) {
			case READ -> this.read;
			case PUBLISH -> this.publish;
			case MEMBERS -> this.members;
		};
		for (TopicPattern pattern : patterns) {
			if (pattern.matches(topic)) {
				return true;
			}
		}
		return false;
	}

	private static Collection<?> list(String name, @Nullable Object value) {
		if (value instanceof Collection<?> list) {
			return list;
		}
		throw new InvalidGrantsException(name + " must be a list");
	}

	/** Collects patterns, each with its rights. */
	private static final class Reader {

		private final int most;

		private final List<TopicPattern> read = new ArrayList<>();

		private final List<TopicPattern> publish = new ArrayList<>();

		private final List<TopicPattern> members = new ArrayList<>();

		Reader(int most) {
			this.most = most;
		}

		void add(Collection<?> rights, String name, @Nullable Object patterns) {
			for (Object right : rights) {
				if (!(right instanceof String text) || !RIGHTS.contains(text)) {
					throw new InvalidGrantsException("a right must be read, publish or members");
				}
				for (Object pattern : list(name, patterns)) {
					add(text, pattern);
				}
			}
		}

		private void add(String right, @Nullable Object pattern) {
			if (this.read.size() + this.publish.size() + this.members.size() >= this.most) {
				throw new InvalidGrantsException("it must have " + this.most + " patterns of topics at most");
			}
			if (!(pattern instanceof String text)) {
				throw new InvalidGrantsException("a pattern of topics must be a text");
			}
			try {
				TopicPattern parsed = new TopicPattern(text);
				switch (right) {
					case "read" -> this.read.add(parsed);
					case "publish" -> this.publish.add(parsed);
					default -> this.members.add(parsed);
				}
			}
			catch (IllegalTopicException ex) {
				throw new InvalidGrantsException("a pattern of topics is malformed: "
						+ ClientInput.refused(InvalidGrantsException.WORD, ex).sentence());
			}
		}

	}

}
