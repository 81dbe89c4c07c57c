package dev.realtime.sample.chat;

import java.security.Principal;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

import dev.realtime.sample.chat.login.Names;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.stereotype.Controller;
import org.springframework.transaction.annotation.Transactional;

/**
 * Clients SEND to {@code /app/room/lobby/say} and SUBSCRIBE to {@code /topic/room.lobby}.
 * They may not send to the topic itself: what is published went through here. A client
 * that is not sure whether something arrived sends it again with the same id.
 * <p>
 * A message and its notices are stored in one transaction: both or neither. So a message
 * that is there already has its notices too.
 * <p>
 * The author is an {@code Optional}, and not marked {@code @Nullable}: for that, Spring
 * Framework 7 passes an {@code Optional} as well, and the call fails.
 */
@Controller
class TalkController {

	private static final Pattern ROOM = Pattern.compile("[a-z0-9-]{1,32}");

	private static final int MAX_ID_LENGTH = 64;

	private final Rooms rooms;

	private final Inboxes inboxes;

	TalkController(Rooms rooms, Inboxes inboxes) {
		this.rooms = rooms;
		this.inboxes = inboxes;
	}

	@Transactional
	@MessageMapping("/room/{room}/say")
	void say(@DestinationVariable String room, Say say, Optional<Principal> author,
			@Header(name = "nativeHeaders.id", required = false) @Nullable String id) {
		if (!ROOM.matcher(room).matches()) {
			throw new RefusedException("A room's name has 1 to 32 characters of a-z 0-9 -");
		}
		ChatMessage message = message(author, say);
		String known = idOrNew(id);
		if (!this.rooms.say(room, known, message).duplicate()) {
			this.inboxes.mention(room, known, message);
		}
	}

	@Transactional
	@MessageMapping("/direct/{to}/say")
	void tell(@DestinationVariable String to, Say say, Optional<Principal> author,
			@Header(name = "nativeHeaders.id", required = false) @Nullable String id) {
		ChatMessage message = message(author, say);
		if (!Names.isLegal(to) || to.equals(message.author())) {
			throw new RefusedException("There is no user of this name");
		}
		String known = idOrNew(id);
		if (!this.rooms.tell(DirectTopic.between(message.author(), to), known, message).duplicate()) {
			this.inboxes.direct(to, known, message);
		}
	}

	private static ChatMessage message(Optional<Principal> author, Say say) {
		Principal known = author.orElseThrow(() -> new RefusedException("Log in to send messages"));
		return new ChatMessage(known.getName(), say.words());
	}

	private static String idOrNew(@Nullable String id) {
		if (id != null && (id.isBlank() || id.length() > MAX_ID_LENGTH)) {
			throw new RefusedException("A message's id has 1 to " + MAX_ID_LENGTH + " characters");
		}
		return (id != null) ? id : UUID.randomUUID().toString();
	}

}
