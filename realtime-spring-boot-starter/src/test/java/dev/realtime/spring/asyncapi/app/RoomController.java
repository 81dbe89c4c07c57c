package dev.realtime.spring.asyncapi.app;

import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.annotation.SendToUser;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.stereotype.Controller;

/** What clients send, and what they get for it. */
@Controller
@MessageMapping("/rooms")
public class RoomController {

	@MessageMapping("/{room:[a-z]{1,9}}/say")
	@SendTo("/topic/room.{room}")
	public ChatMessage say(@DestinationVariable String room, Principal user, NewMessage message,
			@Header("client") String client, @Header(name = "device", required = false) @Nullable String device) {
		return new ChatMessage(user.getName(), message.getText(), Instant.EPOCH, ChatMessage.Mood.CALM, List.of());
	}

	@MessageMapping("/leave")
	public void leave(SimpMessageHeaderAccessor headers) {
		// nothing to answer
	}

	@MessageMapping("/whoami")
	@SendToUser(broadcast = false)
	public String whoami(Principal user) {
		return user.getName();
	}

	@MessageMapping("/count")
	public CompletableFuture<Integer> count(byte[] filter) {
		return CompletableFuture.completedFuture(filter.length);
	}

	@SubscribeMapping("/list")
	public List<Room> list() {
		return List.of();
	}

	/** A room, which may have others in it. */
	public record Room(String name, List<Room> rooms) {
	}

}
