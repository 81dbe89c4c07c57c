package dev.realtime.spring.asyncapi.springwolf.app;

import java.util.List;

import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.stereotype.Controller;

/** Methods with one parameter, as Springwolf's STOMP plugin reads them. */
@Controller
public class NoteController {

	@MessageMapping("/notes/add")
	@SendTo("/topic/notes")
	public Note add(Note note) {
		return note;
	}

	@MessageMapping("/notes/remove")
	public void remove(Note note) {
		// nothing to answer
	}

	@MessageMapping("/notes/rate")
	public Rating rate(Note note) {
		return new Rating(note.text(), 5);
	}

	@SubscribeMapping("/notes")
	public List<Note> all() {
		return List.of();
	}

	/** A note. */
	public record Note(String text) {
	}

	/** How good it is. */
	public record Rating(String text, int stars) {
	}

}
