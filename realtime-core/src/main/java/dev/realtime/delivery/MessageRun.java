package dev.realtime.delivery;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

import dev.realtime.TopicMessage;
import org.jspecify.annotations.Nullable;

/**
 * Messages of one topic that follow each other directly and are delivered together: each
 * subscriber's connection is fetched from memory once, not once for each message to queue
 * it and once more to write it. Confined to the shard.
 */
final class MessageRun {

	/** Most messages of a run. */
	static final int MOST_MESSAGES = 64;

	/** Most bytes of a run's payloads, unless it is one message. */
	static final int MOST_BYTES = 32_768;

	private final DeliveryShard shard;

	private final List<EncodedMessage> messages = new ArrayList<>(1);

	/** What is left out before each message; null where nothing is, or before any. */
	private @Nullable List<@Nullable EncodedGap> leftOut;

	private int bytes;

	/** To how many it was given. */
	private int receivers;

	/** Whether a message of it has a trace or a journey. */
	private boolean observed;

	/** The id that the frames are for; null before the first receiver. */
	private @Nullable String id;

	private final List<@Nullable Frame> frames = new ArrayList<>(1);

	/** All frames, where they may be written without having been queued. */
	private @Nullable Batch batch;

	/** The same with what is left out, for those who are told. */
	private @Nullable Batch batchWithGaps;

	MessageRun(DeliveryShard shard, Step.Message first) {
		this.shard = shard;
		append(first);
	}

	/** Whether the message is the next one and still fits; if so, it is appended. */
	boolean extend(Step.Message next) {
		if (this.messages.size() == MOST_MESSAGES || this.bytes + size(next.message()) > MOST_BYTES
				|| !last().position().equals(next.previous()) || isForAll() != isForAll(next.message())) {
			return false;
		}
		append(next);
		return true;
	}

	private void append(Step.Message next) {
		if (next.leftOut() != null && this.leftOut == null) {
			this.leftOut = new ArrayList<>(Collections.nCopies(this.messages.size(), null));
		}
		if (this.leftOut != null) {
			this.leftOut.add(next.leftOut());
		}
		this.messages.add(next.message());
		this.bytes += size(next.message());
		this.observed |= next.message().message.content().isObserved();
	}

	private static int size(EncodedMessage encoded) {
		return encoded.message.content().size();
	}

	int count() {
		return this.messages.size();
	}

	TopicMessage last() {
		return this.messages.get(this.messages.size() - 1).message;
	}

	int receivers() {
		return this.receivers;
	}

	boolean isObserved() {
		return this.observed;
	}

	/** Returns the messages with a trace; mostly none. */
	List<TopicMessage> traced() {
		List<TopicMessage> traced = List.of();
		for (EncodedMessage encoded : this.messages) {
			if (encoded.message.content().trace() != null) {
				traced = traced.isEmpty() ? new ArrayList<>() : traced;
				traced.add(encoded.message);
			}
		}
		return traced;
	}

	void forEachJourney(Consumer<TopicMessage> action) {
		for (EncodedMessage encoded : this.messages) {
			if (encoded.message.content().hasJourney()) {
				action.accept(encoded.message);
			}
		}
	}

	/** Whether no session is excluded from what it carries. */
	boolean isForAll() {
		return isForAll(this.messages.get(0));
	}

	static boolean isForAll(EncodedMessage encoded) {
		return encoded.message.excludedSession() == null;
	}

	/**
	 * Gives the messages to a live receiver.
	 * @param straight whether they may be written at once, where nothing waits
	 */
	void give(Receiver receiver, boolean straight) {
		this.receivers++;
		if (this.id == null || !this.id.equals(receiver.id)) {
			encode(receiver.id, straight);
		}
		boolean late = (this.leftOut != null) ? receiver.mayHaveSome()
				: receiver.hasAlready(this.messages.get(0).message.position());
		Batch all = (this.leftOut != null && receiver.wantsControlEvents()) ? this.batchWithGaps : this.batch;
		if (!late && all != null && receiver.writer.writeNow(all)) {
			return;
		}
		for (int i = 0; i < this.messages.size(); i++) {
			if (i > 0 && receiver.index < 0) {
				// The message before has ended it.
				this.messages.subList(i, this.messages.size()).forEach((each) -> receiver.notWritten(each.message));
				return;
			}
			EncodedGap before = (this.leftOut != null) ? this.leftOut.get(i) : null;
			if (before != null) {
				receiver.leftOut(before);
			}
			TopicMessage message = this.messages.get(i).message;
			if (!receiver.hasAlready(message.position())) {
				offer(receiver, message, this.frames.get(i));
			}
			else {
				receiver.notWritten(message);
			}
		}
	}

	private static void offer(Receiver receiver, TopicMessage message, @Nullable Frame frame) {
		if (frame != null) {
			receiver.offer(message, frame);
		}
		else {
			receiver.notWritten(message);
			receiver.gap(message.position().epoch(), message.seq(), message.seq(), Gap.FAILED);
		}
	}

	private void encode(String id, boolean straight) {
		this.frames.clear();
		List<Frame> all = new ArrayList<>(this.messages.size());
		for (EncodedMessage message : this.messages) {
			Frame frame = message.frame(id, this.shard);
			this.frames.add(frame);
			if (frame != null) {
				all.add(frame);
			}
		}
		boolean whole = straight && all.size() == this.messages.size();
		this.batch = whole ? this.shard.batches.of(all) : null;
		this.batchWithGaps = (whole && this.leftOut != null) ? batchWithGaps(id, all, this.leftOut) : null;
		this.id = id;
	}

	private @Nullable Batch batchWithGaps(String id, List<Frame> messages, List<@Nullable EncodedGap> ranges) {
		List<Frame> all = new ArrayList<>(2 * messages.size());
		for (int i = 0; i < messages.size(); i++) {
			EncodedGap range = ranges.get(i);
			if (range != null) {
				Frame frame = range.frame(id, this.shard);
				if (frame == null) {
					return null;
				}
				all.add(frame);
			}
			all.add(messages.get(i));
		}
		return this.shard.batches.of(all);
	}

}
