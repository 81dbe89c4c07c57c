package dev.realtime.spring.stomp;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

import dev.realtime.Topic;
import dev.realtime.connection.Connection;
import dev.realtime.delivery.Frame;
import dev.realtime.spring.unread.UnreadRefusedException;
import dev.realtime.spring.unread.UserUnread;
import dev.realtime.stomp.StompFrames;
import dev.realtime.unread.Unread;
import dev.realtime.unread.UnreadWatch;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;

/**
 * What clients say and ask about what they have read: a SEND to {@value #READ}, and a
 * SUBSCRIBE to {@value #UNREAD}. Neither is a topic, and application code sees neither.
 * One frame of a session after the other, any number of sessions at once.
 */
final class UnreadFrames {

	/** Where a client says how far it has read. */
	static final String READ = "/realtime/read";

	/** What a client subscribes to for changes of what is unread. */
	static final String UNREAD = "/realtime/unread";

	/** Most such subscriptions of one connection. */
	private static final int MAX_SUBSCRIPTIONS = 10;

	private final @Nullable UserUnread unread;

	private final PerConnection<UnreadWatches> byConnection = new PerConnection<>(UnreadWatches::new,
			UnreadWatches::end);

	/** Null where the log is not in a database: then all of it is refused. */
	UnreadFrames(@Nullable UserUnread unread) {
		this.unread = unread;
	}

	/**
	 * The user has read a topic; the receipt comes when that is stored.
	 * @throws UnreadRefusedException when the frame is refused
	 */
	void read(Message<?> message, Connection connection, SessionDisconnects goodbyes) {
		FrameHeaders frame = FrameHeaders.of(message);
		Principal user = SimpMessageHeaderAccessor.getUser(message.getHeaders());
		String topic = frame.get("topic");
		if (topic == null) {
			throw malformed("SEND to " + READ + " needs a topic header");
		}
		CompletionStage<Unread> answered = known().markRead(user, topic, frame.get("epoch"), frame.seq())
			.whenComplete((marked, failure) -> {
				if (failure != null) {
					Refusals.refuse(connection, "read-failed", "The read position could not be stored; try again later",
							frame, READ);
				}
				else {
					receipt(connection, frame, marked);
				}
			});
		goodbyes.await(connection, answered);
	}

	/**
	 * The user wants to be told; what the id asked for before is forgotten.
	 * @throws UnreadRefusedException when the frame is refused; what the id asked for
	 * before goes on
	 */
	void subscribe(Message<?> message, Connection connection, String id) {
		FrameHeaders frame = FrameHeaders.of(message);
		Principal user = SimpMessageHeaderAccessor.getUser(message.getHeaders());
		String topics = frame.get("topics");
		List<String> names = (topics != null)
				? Arrays.stream(topics.split(",", -1)).map((name) -> decoded(name.strip())).toList() : List.of();
		UnreadWatches known = this.byConnection.find(connection.id());
		if (known != null && !known.hasRoom(id, MAX_SUBSCRIPTIONS)) {
			throw malformed("A connection has at most " + MAX_SUBSCRIPTIONS + " subscriptions to " + UNREAD);
		}
		UnreadWatch.Watching watching = known().watch(user, names, (unread) -> tell(connection, id, unread));
		this.byConnection.of(connection).put(id, names.stream().map(Topic::of).toList(), watching);
		receipt(connection, frame, null);
	}

	/** Ends a subscription; false if there is none of this id. */
	boolean unsubscribe(String sessionId, String id) {
		UnreadWatches known = this.byConnection.find(sessionId);
		return known != null && known.remove(id);
	}

	/** Returns the topics of a session's subscriptions, by their ids. */
	Map<String, List<Topic>> watched(String sessionId) {
		UnreadWatches known = this.byConnection.find(sessionId);
		return (known != null) ? known.topics() : Map.of();
	}

	/** In the list a name is percent-encoded, because it may have commas and blanks. */
	private static String decoded(String name) {
		try {
			return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			throw malformed("In topics a name is percent-encoded, and % stands for itself as %25");
		}
	}

	private static UnreadRefusedException malformed(String message) {
		return new UnreadRefusedException(UnreadRefusedException.Reason.MALFORMED, message);
	}

	private UserUnread known() {
		if (this.unread == null) {
			throw new UnreadRefusedException(UnreadRefusedException.Reason.NOT_KEPT,
					"The service keeps no read positions");
		}
		return this.unread;
	}

	private static void tell(Connection connection, String id, Unread unread) {
		connection.send(Frame.of(StompFrames.json(id, UNREAD, UserUnread.json(unread))));
	}

	private static void receipt(Connection connection, FrameHeaders frame, @Nullable Unread marked) {
		String receiptId = frame.receipt();
		if (receiptId == null) {
			return;
		}
		Map<String, @Nullable Object> headers = new LinkedHashMap<>();
		if (marked != null) {
			headers.put("topic", marked.topic().name());
			headers.put("epoch", marked.latest().epoch());
			headers.put("seq", marked.read());
			headers.put("unread", marked.unread());
		}
		connection.send(Frame.of(StompFrames.receipt(receiptId, headers)));
	}

}
