package dev.realtime.spring.guide;

import reactor.core.publisher.Flux;

/** What the example of {@code docs/ai-streams.md} asks. */
public interface LanguageModel {

	/** Returns the answer, in the pieces in which the model produces it. */
	Flux<String> answer(String question);

}
