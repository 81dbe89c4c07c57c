package dev.realtime.spring.web;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.loop.Loops;
import org.junit.jupiter.api.Test;

import org.springframework.http.ResponseEntity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** On which threads the HTTP answers are made. */
class AnswerTests {

	private final DocumentWriters writers = new DocumentWriters(new Loops());

	private final CompletableFuture<String> store = new CompletableFuture<>();

	private CompletableFuture<ResponseEntity<byte[]>> answer() {
		CompletionStage<ResponseEntity<byte[]>> answer = Answer.to(() -> this.store,
				(value) -> ResponseEntity
					.ok((value + " on " + Thread.currentThread().getName()).getBytes(StandardCharsets.UTF_8)),
				this.writers.executor());
		return answer.toCompletableFuture();
	}

	@Test
	void rule11_aDocumentIsWrittenOnAThreadOfTheNodesOwn() {
		CompletableFuture<ResponseEntity<byte[]>> answer = answer();
		this.store.complete("document");
		await().until(answer::isDone);

		assertThat(new String(answer.join().getBody(), StandardCharsets.UTF_8))
			.startsWith("document on realtime-http-writer-");
		this.writers.close();
	}

	@Test
	void anAnswerThatComesAfterTheEndIsARefusal() {
		CompletableFuture<ResponseEntity<byte[]>> answer = answer();
		this.writers.close();
		this.store.complete("document");

		assertThat(answer).isCompleted();
		assertThat(answer.join().getStatusCode().value()).isEqualTo(503);
	}

}
