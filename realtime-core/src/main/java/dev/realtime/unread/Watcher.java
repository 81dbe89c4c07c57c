package dev.realtime.unread;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import dev.realtime.Topic;

/** One who is told, with what was told last. */
final class Watcher {

	private final String user;

	private final Set<Topic> topics;

	private final Consumer<Unread> told;

	private final AtomicBoolean ended = new AtomicBoolean();

	/** Confined to the watch's thread. */
	private final Map<Topic, Unread> last = new HashMap<>();

	Watcher(String user, Set<Topic> topics, Consumer<Unread> told) {
		this.user = user;
		this.topics = topics;
		this.told = told;
	}

	String user() {
		return this.user;
	}

	Set<Topic> topics() {
		return this.topics;
	}

	boolean hasEnded() {
		return this.ended.get();
	}

	/** Ends it; false when it had ended before. */
	boolean end() {
		return this.ended.compareAndSet(false, true);
	}

	/** Tells it, if it wants to know and does not know yet. */
	void tell(Unread unread) {
		Unread before = this.last.get(unread.topic());
		if (this.ended.get() || !this.topics.contains(unread.topic()) || (before != null && !unread.differs(before))) {
			return;
		}
		this.last.put(unread.topic(), unread);
		this.told.accept(unread);
	}

}
