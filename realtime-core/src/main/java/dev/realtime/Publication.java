package dev.realtime;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A message on its way to be published: it has no number yet.
 *
 * @param topic where to publish
 * @param content what it says
 * @param id the publisher's own id and idempotency key, at most {@value #MAX_ID_LENGTH}
 * characters: publishing the same id on the same topic again within the topic's
 * idempotency window publishes nothing and returns the first receipt. Null for none
 * @param excludedSession the session that shall not get the message live, because it
 * shows it already, or null
 * @param timeToLive how long the message may be replayed; null for as long as the topic's
 * history lasts. Live subscribers get it in any case
 * @param sender the name of the user who says it, at most {@value #MAX_SENDER_LENGTH}
 * characters, or null for no author. Subscribers see it in the header
 * {@value Content#SENDER}, which cannot be set in another way; a user's own messages do
 * not count as unread
 * @param idScope whose id it is, such as a client's user, so that the same id of another
 * scope is another one; null for the application's own ids
 * @param important whether every subscriber gets it, whatever the topic's
 * {@link DeliveryRate}. Subscribers see it as the header {@value Content#IMPORTANT} with
 * the value {@code true}, which cannot be set in another way
 */
public record Publication(Topic topic, Content content, @Nullable String id, @Nullable String excludedSession,
		@Nullable Duration timeToLive, @Nullable String sender, @Nullable String idScope, boolean important) {

	/** Longest legal id, in characters. */
	public static final int MAX_ID_LENGTH = 128;

	/** Longest name of a sender, in characters. */
	public static final int MAX_SENDER_LENGTH = 255;

	/**
	 * Checks the options.
	 * @throws IllegalArgumentException when the id is or sender is empty or too long, or
	 * the time to live is not positive
	 */
	public Publication {
		if (id != null && (id.isEmpty() || id.length() > MAX_ID_LENGTH)) {
			throw new IllegalArgumentException(
					"A message id has 1 to " + MAX_ID_LENGTH + " characters, not " + id.length());
		}
		if (timeToLive != null && timeToLive.toMillis() <= 0) {
			throw new IllegalArgumentException("A time to live is at least 1 ms, not " + timeToLive);
		}
		if (sender != null && (sender.isEmpty() || sender.length() > MAX_SENDER_LENGTH)) {
			throw new IllegalArgumentException(
					"A sender's name has 1 to " + MAX_SENDER_LENGTH + " characters, not " + sender.length());
		}
		content = content.sentBy(sender).markedImportant(important);
	}

	/** A publication that is not important. */
	public Publication(Topic topic, Content content, @Nullable String id, @Nullable String excludedSession,
			@Nullable Duration timeToLive, @Nullable String sender, @Nullable String idScope) {
		this(topic, content, id, excludedSession, timeToLive, sender, idScope, false);
	}

	/** A publication whose id is the application's own, and that is not important. */
	public Publication(Topic topic, Content content, @Nullable String id, @Nullable String excludedSession,
			@Nullable Duration timeToLive, @Nullable String sender) {
		this(topic, content, id, excludedSession, timeToLive, sender, null);
	}

	/**
	 * Returns what the id is remembered by: the id itself, or a digest of scope and id.
	 * Null without an id. At most {@value #MAX_ID_LENGTH} characters.
	 */
	public @Nullable String idempotencyKey() {
		if (this.id == null || this.idScope == null) {
			return this.id;
		}
		return "sha256:" + Sha256.hex(this.idScope.length() + ":" + this.idScope + this.id);
	}

	/**
	 * Returns the same publication with the span that publishes it, see
	 * {@link Content#trace()}.
	 */
	public Publication traced(@Nullable String traceparent) {
		if (Objects.equals(traceparent, this.content.trace())) {
			return this;
		}
		return new Publication(this.topic, this.content.traced(traceparent), this.id, this.excludedSession,
				this.timeToLive, this.sender, this.idScope, this.important);
	}

	/**
	 * Returns the same publication, which asks for its {@link Content#JOURNEY journey}.
	 */
	public Publication withJourney() {
		if (this.content.hasJourney()) {
			return this;
		}
		return new Publication(this.topic, this.content.withJourney(), this.id, this.excludedSession, this.timeToLive,
				this.sender, this.idScope, this.important);
	}

	/** A publication without options. */
	public static Publication of(Topic topic, Content content) {
		return new Publication(topic, content, null, null, null, null);
	}

	/** Starts a publication with options. */
	public static Builder to(Topic topic) {
		return new Builder(topic);
	}

	/** Collects the options of a {@link Publication}; for one thread. */
	public static final class Builder {

		private final Topic topic;

		private final Map<String, String> headers = new LinkedHashMap<>();

		private byte[] payload = new byte[0];

		private String contentType = Content.BINARY;

		private @Nullable String type;

		private @Nullable String id;

		private @Nullable String excludedSession;

		private @Nullable Duration timeToLive;

		private @Nullable String sender;

		private boolean important;

		private Builder(Topic topic) {
			this.topic = topic;
		}

		/** Payload and media type; the array is taken over. */
		public Builder payload(byte[] payload, String contentType) {
			this.payload = payload;
			this.contentType = contentType;
			return this;
		}

		/**
		 * Payload, media type, type and headers of the given content; neither its trace
		 * nor its request for a journey, which belong to the publication that had them.
		 */
		public Builder content(Content content) {
			this.payload = new byte[content.size()];
			content.payload().get(this.payload);
			this.contentType = content.contentType();
			this.type = content.type();
			this.headers.putAll(content.headers());
			return this;
		}

		/** What kind of message this is to the application. */
		public Builder type(@Nullable String type) {
			this.type = type;
			return this;
		}

		/** One header of the application's own. */
		public Builder header(String name, String value) {
			this.headers.put(name, value);
			return this;
		}

		/** The publisher's own id, see {@link Publication#id()}. */
		public Builder id(@Nullable String id) {
			this.id = id;
			return this;
		}

		/** The session that already shows the message. */
		public Builder excludeSession(@Nullable String session) {
			this.excludedSession = session;
			return this;
		}

		/** How long it may be replayed. */
		public Builder timeToLive(@Nullable Duration timeToLive) {
			this.timeToLive = timeToLive;
			return this;
		}

		/** Who says it, see {@link Publication#sender()}. */
		public Builder sender(@Nullable String sender) {
			this.sender = sender;
			return this;
		}

		/** Whether every subscriber gets it, see {@link Publication#important()}. */
		public Builder important(boolean important) {
			this.important = important;
			return this;
		}

		/** The finished publication. */
		public Publication build() {
			return new Publication(this.topic, Content.of(this.payload, this.contentType, this.type, this.headers),
					this.id, this.excludedSession, this.timeToLive, this.sender, null, this.important);
		}

	}

}
