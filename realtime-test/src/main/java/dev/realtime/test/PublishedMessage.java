package dev.realtime.test;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

/** A message that the application published. Immutable. */
public final class PublishedMessage {

	private final Publication publication;

	private final Position position;

	private final Payloads payloads;

	PublishedMessage(Publication publication, Position position, Payloads payloads) {
		this.publication = publication;
		this.position = position;
		this.payloads = payloads;
	}

	/** Returns where it was published. */
	public Topic topic() {
		return this.publication.topic();
	}

	/** Returns its number. */
	public Position position() {
		return this.position;
	}

	/** Returns what it says: payload, media type, type and headers. */
	public Content content() {
		return this.publication.content();
	}

	/** Returns the payload as text. */
	public String text() {
		return content().text();
	}

	/**
	 * Returns the payload as an object, made by the application's own message converter.
	 * @throws AssertionError when the converter makes none
	 */
	public <T> T as(Class<T> type) {
		byte[] bytes = new byte[content().size()];
		content().payload().get(bytes);
		return this.payloads.read(bytes, content().contentType(), type);
	}

	/** Returns the publisher's own id, or null. */
	public @Nullable String id() {
		return this.publication.id();
	}

	/** Returns what kind of message it is to the application, or null. */
	public @Nullable String type() {
		return content().type();
	}

	/** Returns the name of the user whose message it is, or null. */
	public @Nullable String sender() {
		return this.publication.sender();
	}

	/** Returns the publication with all its options. */
	public Publication publication() {
		return this.publication;
	}

	@Override
	public String toString() {
		return topic() + " " + this.position + ((type() != null) ? " " + type() : "") + " \"" + text() + '"';
	}

}
