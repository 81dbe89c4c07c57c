package dev.realtime.hub;

import java.util.Arrays;
import java.util.List;

import dev.realtime.Position;
import dev.realtime.TopicMessage;
import org.jspecify.annotations.Nullable;

/**
 * The live subscribers of one topic on one shard, and how far this shard has delivered.
 * Confined to the shard; joining and leaving cost O(1).
 */
final class Audience {

	private static final @Nullable Subscriber[] NOBODY = {};

	final DeliveryShard shard;

	private final Hub hub;

	private @Nullable Subscriber[] live = NOBODY;

	private int size;

	private @Nullable Position position;

	Audience(Hub hub, DeliveryShard shard) {
		this.hub = hub;
		this.shard = shard;
	}

	/** How far this shard has delivered; set before anybody joins. */
	Position position() {
		Position known = this.position;
		if (known == null) {
			throw new IllegalStateException("Nobody has joined yet");
		}
		return known;
	}

	void moveTo(Position position) {
		this.position = position;
	}

	void add(Subscriber subscriber) {
		if (this.size == this.live.length) {
			this.live = Arrays.copyOf(this.live, Math.max(4, this.size * 2));
		}
		subscriber.index = this.size;
		this.live[this.size++] = subscriber;
	}

	void remove(Subscriber subscriber) {
		int index = subscriber.index;
		if (index < 0) {
			return;
		}
		subscriber.index = -1;
		Subscriber last = this.live[--this.size];
		this.live[this.size] = null;
		if (last != null && last != subscriber) {
			this.live[index] = last;
			last.index = index;
		}
		if (this.size == 0) {
			this.live = NOBODY;
		}
	}

	/**
	 * Offers a message to everybody. When it is the last one before the shard writes, and
	 * always in a large audience, it goes straight to those for whom nothing waits: each
	 * connection is then fetched from memory once, not once to queue and once to write.
	 */
	void deliver(EncodedMessage encoded) {
		TopicMessage message = encoded.message;
		this.position = message.position();
		boolean straight = this.shard.offered(this.size) && message.excludedSession() == null
				&& this.hub.activeInterceptor() == null;
		String lastId = "";
		@Nullable Frame frame = null;
		@Nullable Batch batch = null;
		// From the end: whoever is disconnected meanwhile is replaced by one that was
		// served.
		for (int i = this.size - 1; i >= 0; i--) {
			Subscriber subscriber = this.live[i];
			if (subscriber == null || subscriber.hasAlready(message.position())) {
				continue;
			}
			if (frame == null || !subscriber.id.equals(lastId)) {
				lastId = subscriber.id;
				frame = encoded.frame(lastId);
				batch = straight ? this.shard.batches.of(List.of(frame)) : null;
			}
			if (batch == null || !subscriber.writer.writeNow(batch)) {
				subscriber.offer(message, frame);
			}
		}
		this.shard.tally.delivered += this.size;
	}

	/** Tells a signal to those who understand it and are not behind. */
	void signal(EncodedSignal encoded) {
		// Whether or not it is time to write: signals are in no hurry.
		boolean unused = this.shard.offered(this.size);
		int told = 0;
		int dropped = 0;
		for (int i = this.size - 1; i >= 0; i--) {
			Subscriber subscriber = this.live[i];
			if (subscriber == null || !subscriber.wants(encoded.signal)) {
				continue;
			}
			if (subscriber.hasRoomToSpare()) {
				subscriber.writer.enqueueUnowned(encoded.frame(subscriber.id));
				told++;
			}
			else {
				dropped++;
			}
		}
		this.hub.stats.signals.add(told);
		this.hub.stats.signalsDropped.add(dropped);
	}

	/** Tells everybody that a range will not come. */
	void gap(String epoch, long from, long to, String reason) {
		this.position = new Position(epoch, to);
		for (int i = this.size - 1; i >= 0; i--) {
			Subscriber subscriber = this.live[i];
			if (subscriber != null) {
				subscriber.gap(epoch, from, to, reason);
			}
		}
	}

}
