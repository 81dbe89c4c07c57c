package dev.realtime.presence.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

/**
 * What this node holds on one topic, and what of it Redis has confirmed. There is at most
 * one call under way for a topic and each carries counts as they are at its moment, so
 * changes can neither overtake each other nor pile up. Guarded by itself. <pre>
 *        wants()                 begin()            release()
 * idle ---------> busy, queued ---------> busy, sent ---------> idle, or dropped when empty
 * </pre>
 */
final class LocalTopic {

	final Topic topic;

	final PresencePartition partition;

	private final Map<String, LocalUser> users = new HashMap<>();

	private final Set<LocalUser> unwritten = new LinkedHashSet<>();

	/** How many users Redis must have of this node if it forgot none. */
	private long confirmed;

	private boolean renewal;

	private boolean busy;

	private boolean dropped;

	LocalTopic(Topic topic, PresencePartition partition) {
		this.partition = partition;
		this.topic = topic;
	}

	/** Null when this object was dropped and another one must be taken. */
	synchronized @Nullable CompletionStage<Void> enter(String name, String connection) {
		if (this.dropped) {
			return null;
		}
		LocalUser user = this.users.computeIfAbsent(name, LocalUser::new);
		return user.add(connection) ? change(user) : user.written().copy();
	}

	/** Null when there is no such connection. */
	synchronized @Nullable CompletionStage<Void> leave(String name, String connection) {
		LocalUser user = this.users.get(name);
		return (user != null && user.remove(connection)) ? change(user) : null;
	}

	synchronized void leaveAll() {
		for (LocalUser user : this.users.values()) {
			user.removeAll();
			this.unwritten.add(user);
		}
	}

	private CompletionStage<Void> change(LocalUser user) {
		this.unwritten.add(user);
		return user.changed().copy();
	}

	/** Asks for a call even if nothing changed; false when this object was dropped. */
	synchronized boolean renew() {
		this.renewal = true;
		return !this.dropped;
	}

	/** Whether to queue this topic for a call. */
	synchronized boolean wants() {
		boolean wants = !this.busy && hasWork();
		this.busy |= wants;
		return wants;
	}

	/** The next call, with so many changes at most; null when there is nothing to say. */
	synchronized @Nullable TopicCall begin(int limit) {
		List<TopicCall.Change> changes = new ArrayList<>(Math.min(limit, this.unwritten.size()));
		Iterator<LocalUser> waiting = this.unwritten.iterator();
		while (waiting.hasNext() && changes.size() < limit) {
			LocalUser user = waiting.next();
			waiting.remove();
			user.sending();
			changes.add(new TopicCall.Change(user, user.count(), user.known));
		}
		if (changes.isEmpty() && !this.renewal) {
			return null;
		}
		this.renewal = false;
		return new TopicCall(List.copyOf(changes));
	}

	/**
	 * The call was answered; tells those who wait for it.
	 * @return whether Redis has as many users of this node as it should
	 */
	boolean answered(TopicCall call, TopicReply reply) {
		List<CompletableFuture<Void>> arrived = new ArrayList<>(call.changes().size());
		boolean agrees;
		synchronized (this) {
			for (TopicCall.Change change : call.changes()) {
				LocalUser user = change.user();
				confirm(user, change.count());
				user.known = (change.count() > 0) ? reply.server() : "";
				CompletableFuture<Void> waiting = user.arrived();
				if (waiting != null) {
					arrived.add(waiting);
				}
				forgetIfGone(user);
			}
			agrees = this.confirmed == reply.held();
		}
		arrived.forEach((waiting) -> waiting.complete(null));
		return agrees;
	}

	/** The call failed, or it is unknown whether it was carried out. */
	synchronized void failed(TopicCall call) {
		for (TopicCall.Change change : call.changes()) {
			change.user().lost();
			this.unwritten.add(change.user());
		}
		renew();
	}

	/**
	 * Whatever Redis lacks is written again, and whatever it has too much is taken away.
	 * @param stored the users that Redis has of this node
	 */
	synchronized void reconcile(Set<String> stored) {
		for (LocalUser user : this.users.values()) {
			if (user.confirmed > 0 && !stored.contains(user.name)) {
				confirm(user, 0);
				this.unwritten.add(user);
			}
		}
		for (String name : stored) {
			LocalUser user = this.users.computeIfAbsent(name, LocalUser::new);
			if (user.confirmed == 0) {
				confirm(user, 1);
				this.unwritten.add(user);
			}
		}
	}

	/**
	 * The call is over; returns whether this object is dropped, since nothing is left.
	 */
	synchronized boolean release() {
		this.busy = false;
		this.dropped = this.users.isEmpty() && !hasWork();
		return this.dropped;
	}

	private boolean hasWork() {
		return this.renewal || !this.unwritten.isEmpty();
	}

	private void confirm(LocalUser user, int count) {
		this.confirmed += Integer.signum(count) - Integer.signum(user.confirmed);
		user.confirmed = count;
	}

	private void forgetIfGone(LocalUser user) {
		if (user.count() == 0 && user.confirmed == 0 && !this.unwritten.contains(user)) {
			this.users.remove(user.name, user);
		}
	}

}
