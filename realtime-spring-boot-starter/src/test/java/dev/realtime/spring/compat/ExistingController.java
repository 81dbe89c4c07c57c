package dev.realtime.spring.compat;

import java.security.Principal;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.annotation.SendToUser;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.stereotype.Controller;

/** What an application does with Spring's annotations. */
@Controller
class ExistingController {

	@MessageMapping("/say.{room}")
	@SendTo("/topic/room.{room}")
	String say(@Payload String text, @DestinationVariable String room, @Header("mood") String mood, Principal user) {
		return user.getName() + " (" + mood + ") in " + room + ": " + text;
	}

	@MessageMapping("/echo")
	String echo(String text) {
		return text;
	}

	@MessageMapping("/relay.{topic}")
	@SendTo("/topic/{topic}")
	String relay(String text) {
		return text;
	}

	@MessageMapping("/slashes/{room}")
	String slashes(String text) {
		return text;
	}

	@MessageMapping("/later")
	CompletableFuture<String> later(String text) {
		return CompletableFuture.supplyAsync(() -> "later " + text);
	}

	@MessageMapping("/note")
	@SendTo("/topic/notes")
	Note note(Note note) {
		return new Note(note.text(), note.stars() + 1);
	}

	@SubscribeMapping("/ready")
	String ready() {
		return "ready";
	}

	@SubscribeMapping("/welcome.{name}")
	String welcome(@DestinationVariable String name, Principal user) {
		return "welcome " + name + ", " + user.getName();
	}

	@SubscribeMapping("/joined")
	@SendTo("/topic/joined")
	String joined(Principal user) {
		return user.getName() + " joined";
	}

	@MessageMapping("/answer.all")
	@SendToUser("/queue/answers")
	String answerAll(String text) {
		return "all: " + text;
	}

	@MessageMapping("/answer.me")
	@SendToUser(destinations = "/queue/answers", broadcast = false)
	String answerMe(String text) {
		return "me: " + text;
	}

	@MessageMapping("/default.answer")
	@SendToUser
	String defaultAnswer(String text) {
		return "default: " + text;
	}

	@MessageMapping("/length")
	@SendToUser("/queue/answers")
	String length(String text) {
		return "length " + text.length();
	}

	@MessageMapping("/members.whoami")
	@SendToUser("/queue/answers")
	String whoAmI(@AuthenticationPrincipal UserDetails user) {
		return user.getUsername() + " " + user.getAuthorities();
	}

	@MessageMapping("/admin.say")
	@SendTo("/topic/admin.news")
	String adminSays(String text) {
		return text;
	}

	@MessageMapping("/count")
	@SendToUser(destinations = "/queue/answers", broadcast = false)
	String count(SimpMessageHeaderAccessor headers) {
		Map<String, Object> attributes = Objects.requireNonNull(headers.getSessionAttributes());
		Object count = attributes.merge("count", 1, (one, other) -> (Integer) one + (Integer) other);
		return attributes.get("agent") + " " + count;
	}

	@MessageMapping("/fail")
	String fail(String text) {
		throw new IllegalStateException(text);
	}

	@MessageExceptionHandler(IllegalStateException.class)
	@SendToUser("/queue/errors")
	String failed(IllegalStateException ex) {
		return "failed: " + ex.getMessage();
	}

	/** A payload as JSON. */
	record Note(String text, int stars) {

	}

}
