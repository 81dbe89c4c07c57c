package dev.realtime.spring.stream;

import dev.realtime.IllegalTopicException;
import dev.realtime.Position;
import dev.realtime.spring.Destinations;
import org.jspecify.annotations.Nullable;

/**
 * One of the subscriptions that a request asks for, and how far its client has come.
 * Confined to the stream.
 */
final class Subscription {

	/** What is subscribed to. */
	final String destination;

	/** Whether the client asked for a destination, and is answered with it. */
	private final boolean asDestination;

	/** The topic's name, as soon as it is known. */
	private @Nullable String topic;

	/** What the client has: nothing after it was written. */
	private @Nullable Position position;

	/** Whether the client named a position. */
	final boolean named;

	/** What lets the user subscribe, if the request brings something. */
	@Nullable String token;

	/** Its RECEIPT came, or it was refused. */
	private boolean answered;

	/** Its RECEIPT announced messages, and none has come yet. */
	private boolean expecting;

	private byte @Nullable [] fields;

	private Subscription(String destination, boolean asDestination, @Nullable String topic,
			@Nullable Position position) {
		this.destination = destination;
		this.asDestination = asDestination;
		this.topic = topic;
		this.position = position;
		this.named = position != null;
	}

	/**
	 * Makes the subscription to a topic.
	 * @throws StreamRefusedException when the topic is to be named by its destination
	 */
	static Subscription topic(String name, @Nullable Position position) {
		return new Subscription(destinationOf(name), false, name, position);
	}

	static Subscription destination(String destination, @Nullable Position position) {
		return new Subscription(destination, true, null, position);
	}

	/** A name that is not legal is refused by itself: the other subscriptions go on. */
	private static String destinationOf(String name) {
		String destination;
		try {
			destination = Destinations.ofName(name);
		}
		catch (IllegalTopicException ex) {
			return "/topic/" + name;
		}
		if (destination == null) {
			throw new StreamRefusedException(
					"Name reserved topics by their destination: ?destination=/user/queue/notices");
		}
		return destination;
	}

	@Nullable Position position() {
		return this.position;
	}

	@Nullable String topic() {
		return this.topic;
	}

	@Nullable String destinationAsked() {
		return this.asDestination ? this.destination : null;
	}

	/** The subscription lives from this position on. */
	void live(@Nullable String topic, @Nullable Position start, boolean recovered, boolean replays) {
		if (topic != null && !topic.equals(this.topic)) {
			this.topic = topic;
			this.fields = null;
		}
		this.answered = true;
		// While messages are replayed the client has no more than before.
		this.expecting = replays;
		if (!replays) {
			this.position = start;
		}
		else if (!recovered) {
			this.position = null;
		}
	}

	void refused() {
		this.answered = true;
		this.expecting = false;
	}

	void moveTo(Position position) {
		this.position = position;
		this.expecting = false;
	}

	/** Whether it is known what the client gets. */
	boolean isSettled() {
		return this.answered && !this.expecting;
	}

	/** The members of each event's document that name the subscription. */
	byte[] fields() {
		byte[] known = this.fields;
		if (known == null) {
			known = Documents.subscription(this.topic, destinationAsked());
			this.fields = known;
		}
		return known;
	}

}
