package dev.realtime.test;

import java.time.Instant;
import java.util.Map;

import dev.realtime.Position;
import org.jspecify.annotations.Nullable;

/** A message as a client received it. Immutable. */
public final class ReceivedMessage {

	private final ServerFrame frame;

	private final Payloads payloads;

	ReceivedMessage(ServerFrame frame, Payloads payloads) {
		this.frame = frame;
		this.payloads = payloads;
	}

	/** Returns the payload as text. */
	public String text() {
		return this.frame.text();
	}

	/** Returns a copy of the payload. */
	public byte[] bytes() {
		return this.frame.body();
	}

	/**
	 * Returns the payload as an object, made by the application's own message converter.
	 * @throws AssertionError when the converter makes none
	 */
	public <T> T as(Class<T> type) {
		return this.payloads.read(bytes(), header("content-type"), type);
	}

	/** Returns the headers, in their order; those of the protocol are among them. */
	public Map<String, String> headers() {
		return this.frame.headers();
	}

	/** Returns one header, or null. */
	public @Nullable String header(String name) {
		return this.frame.header(name);
	}

	/** Whether it has a position: answers to one session alone have none. */
	public boolean isNumbered() {
		return header("seq") != null && header("epoch") != null;
	}

	/** Returns its number in its topic. */
	public Position position() {
		return new Position(this.frame.required("epoch"), seq());
	}

	/** Returns the number within the epoch. */
	public long seq() {
		return Long.parseLong(this.frame.required("seq"));
	}

	/** Returns the publisher's own id, or null. */
	public @Nullable String id() {
		return header("id");
	}

	/** Returns what kind of message it is to the application, or null. */
	public @Nullable String type() {
		return header("type");
	}

	/** Returns the name of the user whose message it is, or null. */
	public @Nullable String sender() {
		return header("sender");
	}

	/** Returns the destination, as a SUBSCRIBE to its topic names it. */
	public String destination() {
		return this.frame.required("destination");
	}

	/** Returns when it was numbered. */
	public Instant timestamp() {
		return Instant.ofEpochMilli(Long.parseLong(this.frame.required("timestamp")));
	}

	@Override
	public String toString() {
		return (isNumbered() ? position() + " " : "") + ((type() != null) ? type() + " " : "") + '"' + text() + '"';
	}

}
