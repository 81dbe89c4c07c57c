package dev.realtime.sample.chat;

import java.security.Principal;
import java.util.UUID;
import java.util.regex.Pattern;

import dev.realtime.PublishException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.simp.annotation.SendToUser;
import org.springframework.stereotype.Controller;

/**
 * Clients SEND to {@code /app/room/lobby/say} and SUBSCRIBE to {@code /topic/room.lobby}.
 * They may not send to the topic itself: what is published went through here.
 */
@Controller
class RoomController {

	private static final Logger logger = LoggerFactory.getLogger(RoomController.class);

	private static final Pattern ROOM = Pattern.compile("[a-z0-9-]{1,32}");

	private static final int MAX_ID_LENGTH = 64;

	private final Rooms rooms;

	RoomController(Rooms rooms) {
		this.rooms = rooms;
	}

	@MessageMapping("/room/{room}/say")
	void say(@DestinationVariable String room, Say say, Principal author,
			@Header(name = "nativeHeaders.id", required = false) @Nullable String id) {
		if (!ROOM.matcher(room).matches()) {
			throw new RefusedException("A room's name has 1 to 32 characters of a-z 0-9 -");
		}
		if (id != null && (id.isBlank() || id.length() > MAX_ID_LENGTH)) {
			throw new RefusedException("A message's id has 1 to " + MAX_ID_LENGTH + " characters");
		}
		ChatMessage message = new ChatMessage(author.getName(), say.words());
		this.rooms.say(room, (id != null) ? id : UUID.randomUUID().toString(), message);
	}

	/** The sender alone learns what was wrong, on the connection that sent it. */
	@MessageExceptionHandler
	@SendToUser(destinations = "/queue/errors", broadcast = false)
	Refusal refuse(Exception failure, @Header(name = "nativeHeaders.id", required = false) @Nullable String id) {
		if (failure instanceof RefusedException refused) {
			return new Refusal(id, String.valueOf(refused.getMessage()), false);
		}
		if (failure instanceof MessageConversionException) {
			return new Refusal(id, "Send JSON, such as {\"text\": \"hello\"}", false);
		}
		logger.warn("A message could not be published", failure);
		return new Refusal(id, (failure instanceof PublishException) ? "The message could not be stored"
				: "Something went wrong on our side", true);
	}

	/**
	 * Why a message was not published.
	 *
	 * @param id the sender's id of the message, or null
	 * @param why a sentence for the sender
	 * @param retry whether the same message may work later
	 */
	record Refusal(@Nullable String id, String why, boolean retry) {
	}

}
