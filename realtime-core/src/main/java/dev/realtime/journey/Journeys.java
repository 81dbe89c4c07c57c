package dev.realtime.journey;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.Position;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.loop.Environment;
import org.jspecify.annotations.Nullable;

/**
 * The last {@value #MOST} messages of this node that ask for their journey, and when each
 * of them reached which stage. Callers look at {@link dev.realtime.Content#hasJourney()}
 * first, so that other messages cost nothing here. Safe for any number of threads; a note
 * takes a short lock.
 */
public final class Journeys {

	/** How many are kept; the one that was noted first goes first. */
	public static final int MOST = 100;

	private final Environment environment;

	@GuardedBy("notes")
	private final Map<Key, Note> notes = new LinkedHashMap<>();

	/** Makes an empty one. */
	public Journeys(Environment environment) {
		this.environment = environment;
	}

	/**
	 * The broker has answered a publication of this node.
	 * @param beganNanos when the node was asked
	 */
	public void published(PublishReceipt receipt, long beganNanos) {
		long now = this.environment.nanoTime();
		synchronized (this.notes) {
			Note note = noteOf(receipt.topic(), receipt.position(), receipt.timestamp());
			note.pass(Stage.PUBLISHED, beganNanos);
			note.pass(Stage.ANSWERED, now);
		}
	}

	/** The relay has brought a message of a topic that this node follows. */
	public void received(TopicMessage message) {
		long now = this.environment.nanoTime();
		synchronized (this.notes) {
			noteOf(message).pass(Stage.RECEIVED, now);
		}
	}

	/** The message waits for its turn. */
	public void held(TopicMessage message, Hold hold) {
		synchronized (this.notes) {
			Note note = this.notes.get(Key.of(message));
			if (note != null && note.hold == null) {
				note.hold = hold;
			}
		}
	}

	/**
	 * The feed releases the message.
	 * @param fromLog whether because of a read of the log
	 * @param failedReads how many reads had failed in a row before
	 */
	public void ordered(TopicMessage message, boolean fromLog, int failedReads) {
		long now = this.environment.nanoTime();
		synchronized (this.notes) {
			Note note = noteOf(message);
			note.pass(Stage.ORDERED, now);
			note.fromLog = fromLog;
			note.failedReads = failedReads;
		}
	}

	/** The message was handed over to so many shards. */
	public void handed(TopicMessage message, int shards) {
		long now = this.environment.nanoTime();
		synchronized (this.notes) {
			Note note = this.notes.get(Key.of(message));
			if (note != null && shards > 0) {
				note.pass(Stage.HANDED, now);
				note.shards = shards;
			}
		}
	}

	/** A shard has offered the message to all its live subscribers. */
	public void offered(TopicMessage message, int subscribers) {
		long now = this.environment.nanoTime();
		synchronized (this.notes) {
			Note note = this.notes.get(Key.of(message));
			if (note != null) {
				note.pass(Stage.OFFERED, now);
				note.subscribers += subscribers;
			}
		}
	}

	/** A socket has accepted the message. */
	public void written(TopicMessage message) {
		pass(message, Stage.WRITTEN);
	}

	/** A subscriber to whom the message is or was offered does not get it. */
	public void notWritten(TopicMessage message) {
		pass(message, Stage.NOT_WRITTEN);
	}

	private void pass(TopicMessage message, Stage stage) {
		long now = this.environment.nanoTime();
		synchronized (this.notes) {
			Note note = this.notes.get(Key.of(message));
			if (note != null) {
				note.pass(stage, now);
			}
		}
	}

	/** Returns all that are kept, the latest first. */
	public List<Journey> latest() {
		long now = this.environment.nanoTime();
		List<Journey> all = new ArrayList<>();
		synchronized (this.notes) {
			this.notes.forEach((key, note) -> all.add(note.journey(key, now)));
		}
		Collections.reverse(all);
		return all;
	}

	/**
	 * Returns those of the messages with this position.
	 * @param topic null for all topics; an epoch is mostly of one
	 */
	public List<Journey> find(Position position, @Nullable Topic topic) {
		return latest().stream()
			.filter((each) -> each.position().equals(position) && (topic == null || each.topic().equals(topic)))
			.toList();
	}

	@GuardedBy("notes")
	private Note noteOf(TopicMessage message) {
		return noteOf(message.topic(), message.position(), message.timestamp());
	}

	@GuardedBy("notes")
	private Note noteOf(Topic topic, Position position, long timestamp) {
		Key key = new Key(topic, position);
		Note known = this.notes.get(key);
		if (known != null) {
			return known;
		}
		if (this.notes.size() >= MOST) {
			Iterator<Key> keys = this.notes.keySet().iterator();
			keys.next();
			keys.remove();
		}
		Note made = new Note(Instant.ofEpochMilli(timestamp), this.environment.clock().instant(),
				this.environment.nanoTime());
		this.notes.put(key, made);
		return made;
	}

	private record Key(Topic topic, Position position) {

		static Key of(TopicMessage message) {
			return new Key(message.topic(), message.position());
		}

	}

	/** Guarded by the lock of its owner. */
	private static final class Note {

		private final Instant numbered;

		private final Instant noted;

		private final long notedNanos;

		private final Map<Stage, Passage> passages = new EnumMap<>(Stage.class);

		private @Nullable Hold hold;

		private boolean fromLog;

		private int failedReads;

		private int shards;

		private int subscribers;

		Note(Instant numbered, Instant noted, long notedNanos) {
			this.numbered = numbered;
			this.noted = noted;
			this.notedNanos = notedNanos;
		}

		void pass(Stage stage, long nanos) {
			Passage known = this.passages.get(stage);
			this.passages.put(stage, (known != null) ? known.again(nanos) : new Passage(nanos, nanos, 1));
		}

		Journey journey(Key key, long now) {
			return new Journey(key.topic, key.position, this.numbered, this.passages, this.hold, this.fromLog,
					this.failedReads, this.shards, this.subscribers, this.noted, this.notedNanos, now);
		}

	}

}
