package dev.realtime.spring.guide;

import java.security.Principal;

import dev.realtime.spring.pipe.RealtimeStreams;

import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Controller;

@Controller
public class Answers {

	private final LanguageModel model;

	private final RealtimeStreams streams;

	public Answers(LanguageModel model, RealtimeStreams streams) {
		this.model = model;
		this.streams = streams;
	}

	@MessageMapping("ask")
	public void ask(@Payload String question, Principal user) {
		this.streams.pipe(topic(user), this.model.answer(question));
	}

	@MessageMapping("stop")
	public void stop(Principal user) {
		this.streams.stop(topic(user));
	}

	private static String topic(Principal user) {
		return "answers/" + user.getName();
	}

}
