package dev.realtime.spring;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import dev.realtime.IllegalTopicException;
import dev.realtime.Sha256;
import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.presence.PresenceTopics;
import org.jspecify.annotations.Nullable;

import org.springframework.util.function.SingletonSupplier;

/**
 * Which topic a STOMP destination stands for, and back.
 *
 * <pre>
 * /topic/room.42                    room.42                 what follows the prefix
 * /topic/room/42                    room/42
 * /topic/_audit.log                 __audit.log             see {@link Topic#fromDestination}
 * /topic/_presence.room.42          _presence.room.42       joins and leaves
 * /queue/orders                     _queue.orders           any other broker prefix
 * /user/queue/x of user ann@b.c     _user.ann_40b_2ec.queue.x
 * </pre>
 *
 * The mapping is one to one: no two destinations share a topic, so a rule that protects
 * one destination cannot be passed by writing another.
 */
public final class Destinations {

	private static final String TOPIC_PREFIX = "/topic/";

	private static final String USER_SEGMENT = "_user.";

	/** Longest segment of a user in full; the rest of the name has 185 bytes or more. */
	private static final int LONGEST_USER = 128;

	/** Segment of a user whose name is longer; no other is written like that. */
	private static final Pattern LONG_USER = Pattern.compile("_h[0-9a-f]{64}");

	/** First segments whose reserved names would be those of other topics. */
	private static final Set<String> TAKEN = Set.of("fleet", "presence", "user");

	private final Supplier<String> userPrefix;

	/**
	 * Uses the application's prefix.
	 * @param userPrefix what user destinations start with, such as {@code /user/}; asked
	 * once, at the first use
	 */
	public Destinations(Supplier<String> userPrefix) {
		this.userPrefix = SingletonSupplier.of(() -> {
			String prefix = userPrefix.get();
			return prefix.endsWith("/") ? prefix : prefix + '/';
		});
	}

	/** What user destinations start with; ends with a slash. */
	public String userPrefix() {
		return this.userPrefix.get();
	}

	/**
	 * The topic of a broker destination.
	 * @throws IllegalTopicException when the destination names none
	 */
	public Topic topic(String destination) {
		int slash = destination.indexOf('/', 1);
		if (destination.isEmpty() || destination.charAt(0) != '/' || slash < 0) {
			throw new IllegalTopicException(destination, "a destination looks like /topic/room.42");
		}
		String name = destination.substring(slash + 1);
		if (name.isEmpty()) {
			throw new IllegalTopicException(destination, "nothing follows the prefix");
		}
		if (!destination.startsWith(TOPIC_PREFIX)) {
			return Topic.of('_' + word(destination.substring(1, slash)) + '.' + name);
		}
		if (!name.startsWith(PresenceTopics.PREFIX)) {
			return Topic.fromDestination(name);
		}
		String base = name.substring(PresenceTopics.PREFIX.length());
		return base.startsWith(PresenceTopics.PREFIX) ? Topic.of(name) : PresenceTopics.of(Topic.fromDestination(base));
	}

	/**
	 * The pattern of a destination with wildcards, such as {@code /topic/price.*}.
	 * @throws IllegalTopicException when the destination is no pattern of topics
	 */
	public TopicPattern pattern(String destination) {
		Topic topic = topic(destination);
		if (PresenceTopics.base(topic) != null) {
			throw new IllegalTopicException(destination, "a subscription to joins and leaves cannot have wildcards");
		}
		return new TopicPattern(topic.name());
	}

	/**
	 * Returns the destination below {@code /topic} that stands for the topic of this
	 * name, or null when its destination lies elsewhere.
	 * @throws IllegalTopicException when the name is not legal
	 */
	public static @Nullable String ofName(String name) {
		Topic topic = Topic.of(name);
		Topic base = PresenceTopics.base(topic);
		Topic named = (base != null) ? base : topic;
		boolean elsewhere = named.isReserved() && (base == null || PresenceTopics.base(base) == null);
		return elsewhere ? null : belowTopic(topic);
	}

	/**
	 * The topic of one user's destination.
	 * @param destination without the user prefix, such as {@code /queue/notifications}
	 */
	public Topic personal(String user, String destination) {
		StringBuilder name = new StringBuilder(USER_SEGMENT).append(segment(user));
		for (String segment : destination.substring(1).split("/", -1)) {
			name.append('.').append(escape(segment));
		}
		return Topic.of(name.toString());
	}

	/** Whether the topic is one of this user's own destinations. */
	public boolean isPersonal(Topic topic, String user) {
		return topic.name().startsWith(USER_SEGMENT + segment(user) + '.');
	}

	/** Whether the topic is a destination of some user's. */
	public boolean isPersonal(Topic topic) {
		return topic.name().startsWith(USER_SEGMENT);
	}

	/**
	 * Whether some destination stands for the topic: not every reserved name has one.
	 */
	public boolean isReachable(Topic topic) {
		if (!topic.isReserved()) {
			return true;
		}
		try {
			return isPersonal(topic) ? isWritten(topic.name()) : topic(of(topic)).equals(topic);
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	/** The destination that MESSAGE frames of the topic carry. */
	public String of(Topic topic) {
		String name = topic.name();
		if (!topic.isReserved() || PresenceTopics.base(topic) != null) {
			return belowTopic(topic);
		}
		if (name.startsWith(USER_SEGMENT)) {
			int afterUser = name.indexOf('.', USER_SEGMENT.length());
			StringBuilder destination = new StringBuilder(userPrefix());
			String[] segments = name.substring(afterUser + 1).split("\\.", -1);
			for (int i = 0; i < segments.length; i++) {
				destination.append((i == 0) ? "" : "/").append(unescape(segments[i]));
			}
			return destination.toString();
		}
		int dot = name.indexOf('.');
		String word = name.substring(name.startsWith("_-") ? 2 : 1, dot);
		return '/' + unescape(word) + '/' + name.substring(dot + 1);
	}

	private static String belowTopic(Topic topic) {
		Topic base = PresenceTopics.base(topic);
		return TOPIC_PREFIX + ((base != null) ? PresenceTopics.PREFIX + base.inDestination() : topic.inDestination());
	}

	/** The word of a prefix begins with a letter or digit, or with a hyphen before it. */
	private static String word(String segment) {
		boolean plain = !segment.isEmpty() && isPlain(segment.charAt(0)) && segment.charAt(0) != '-'
				&& !TAKEN.contains(segment);
		return plain ? escape(segment) : '-' + escape(segment);
	}

	/** Whether each segment is written the way in which this class writes it. */
	private static boolean isWritten(String personal) {
		String[] segments = personal.substring(USER_SEGMENT.length()).split("\\.", -1);
		for (int i = 0; i < segments.length; i++) {
			boolean longUser = i == 0 && LONG_USER.matcher(segments[0]).matches();
			if (!longUser && !escape(unescape(segments[i])).equals(segments[i])) {
				return false;
			}
		}
		return segments.length > 1 && segments[0].length() <= LONGEST_USER;
	}

	/** The user's name, or its SHA-256 if it is too long for a topic's name. */
	private static String segment(String user) {
		String escaped = escape(user);
		return (escaped.length() <= LONGEST_USER) ? escaped : "_h" + Sha256.hex(user);
	}

	/** Characters other than A-Z a-z 0-9 - become _hh, byte by byte. */
	private static String escape(String text) {
		StringBuilder escaped = new StringBuilder();
		for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
			char c = (char) (b & 0xff);
			if (isPlain(c)) {
				escaped.append(c);
			}
			else {
				escaped.append('_').append(HexFormat.of().toHexDigits(b));
			}
		}
		return escaped.isEmpty() ? "_" : escaped.toString();
	}

	private static boolean isPlain(char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
	}

	private static String unescape(String segment) {
		byte[] bytes = new byte[segment.length()];
		int length = 0;
		for (int i = 0; i < segment.length(); i++) {
			if (segment.charAt(i) == '_' && i + 2 < segment.length()) {
				bytes[length++] = (byte) HexFormat.fromHexDigits(segment, i + 1, i + 3);
				i += 2;
			}
			else if (segment.charAt(i) != '_') {
				bytes[length++] = (byte) segment.charAt(i);
			}
		}
		return new String(bytes, 0, length, StandardCharsets.UTF_8);
	}

}
