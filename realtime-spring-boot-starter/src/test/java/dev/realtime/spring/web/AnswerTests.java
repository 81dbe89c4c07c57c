package dev.realtime.spring.web;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.loop.Loops;
import dev.realtime.spring.stream.StreamAnswer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** On which threads the HTTP answers are made. */
class AnswerTests {

	private final DocumentWriters writers = new DocumentWriters(new Loops());

	private final CompletableFuture<String> store = new CompletableFuture<>();

	private CompletableFuture<StreamAnswer> answer() {
		CompletionStage<StreamAnswer> answer = Answer.to(() -> this.store,
				(value) -> StreamAnswer.problem(200, null, value + " on " + Thread.currentThread().getName()),
				this.writers.executor());
		return answer.toCompletableFuture();
	}

	@Test
	void rule11_aDocumentIsWrittenOnAThreadOfTheNodesOwn() {
		CompletableFuture<StreamAnswer> answer = answer();
		this.store.complete("document");
		await().until(answer::isDone);

		assertThat(new String(answer.join().body(), StandardCharsets.UTF_8))
			.contains("document on realtime-http-writer-");
		this.writers.close();
	}

	@Test
	void anAnswerThatComesAfterTheEndIsARefusal() {
		CompletableFuture<StreamAnswer> answer = answer();
		this.writers.close();
		this.store.complete("document");

		assertThat(answer).isCompleted();
		assertThat(answer.join().status()).isEqualTo(503);
	}

}
