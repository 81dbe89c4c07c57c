package dev.realtime.spring.asyncapi;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import dev.realtime.testing.Sneaky;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AsyncApiDocumentTests {

	private static final ServerAddress BASE = ServerAddress.of(true, "::1", 443, "/ctx");

	private final AtomicInteger made = new AtomicInteger();

	@RepeatedTest(20)
	void isMadeOnceHoweverManyAskAndNobodyElseWaitsOnAThread() throws Exception {
		try (SlowDocument slow = new SlowDocument()) {
			List<CompletableFuture<AsyncApiDocument.Page>> others = new ArrayList<>();
			for (int i = 0; i < 10; i++) {
				others.add(slow.document.page().toCompletableFuture());
			}
			assertThat(others).noneMatch(CompletableFuture::isDone);
			// who gives up must not spoil it for others
			assertThat(others.remove(0).completeExceptionally(new IllegalStateException())).isTrue();
			String json = slow.finish();
			for (CompletableFuture<AsyncApiDocument.Page> other : others) {
				assertThat(other.get(10, TimeUnit.SECONDS).json(BASE)).isEqualTo(json);
			}
			assertThat(this.made).hasValue(1);
		}
	}

	@Test
	void anErrorFailsTheRequestAndTheNextOneTriesAgain() {
		Supplier<Map<String, Object>> failing = () -> {
			if (this.made.get() == 1) {
				throw new NoClassDefFoundError("gone");
			}
			return head();
		};
		AsyncApiDocument document = document(failing, Map.of());
		assertThat(document.page().toCompletableFuture()).isCompletedExceptionally();
		assertThat(json(document)).contains("3.0.0");
		assertThat(json(document)).contains("3.0.0");
		assertThat(this.made).hasValue(2);
	}

	/** As those of Kotlin and of aspects may. */
	@Test
	void rule9_aCustomizerThatThrowsWhatItDoesNotDeclareFailsOneRequest() {
		AtomicInteger calls = new AtomicInteger();
		AsyncApiDocument document = document(AsyncApiDocumentTests::head, Map.of("hide", (each) -> {
			if (calls.incrementAndGet() == 1) {
				throw Sneaky.sneak(new IOException("no"));
			}
		}));
		assertThat(document.page().toCompletableFuture()).failsWithin(Duration.ZERO)
			.withThrowableThat()
			.withMessageContaining("\"hide\" failed");
		assertThat(json(document)).contains("3.0.0");
	}

	@Test
	void rule8_soManyRequestsWaitAndOthersAreRefused() throws Exception {
		try (SlowDocument slow = new SlowDocument()) {
			for (int i = 0; i < 100; i++) {
				assertThat(slow.document.page().toCompletableFuture()).isNotDone();
			}
			assertThat(slow.document.page().toCompletableFuture()).failsWithin(Duration.ZERO)
				.withThrowableThat()
				.withCauseInstanceOf(RejectedExecutionException.class);
			assertThat(slow.finish()).contains("3.0.0");
			assertThat(json(slow.document)).contains("3.0.0");
		}
	}

	@Test
	void namesTheCustomizerThatFails() {
		AsyncApiDocument document = document(AsyncApiDocumentTests::head, Map.of("hideSecrets", (each) -> {
			throw new IllegalStateException("no");
		}));
		assertThat(document.page().toCompletableFuture()).failsWithin(Duration.ZERO)
			.withThrowableThat()
			.withMessageContaining("The AsyncApiCustomizer \"hideSecrets\" failed");
	}

	@Test
	void hasTheServerOfTheRequestBetweenTheHeadAndTheRest() {
		assertThat(json(document(AsyncApiDocumentTests::head, Map.of())))
			.startsWith("{\"asyncapi\":\"3.0.0\",\"servers\"")
			.contains("\"host\":\"[::1]\",\"pathname\":\"/ctx/realtime\",\"protocol\":\"wss\"")
			.endsWith("\"channels\":{}}");
	}

	@Test
	void leavesTheServersOfACustomizer() {
		assertThat(json(document(AsyncApiDocumentTests::head, Map.of("own", (each) -> each.put("servers", Map.of())))))
			.isEqualTo("{\"asyncapi\":\"3.0.0\",\"channels\":{},\"servers\":{}}");
	}

	@Test
	void aHostThatTriesToBecomePartOfTheDocumentIsText() {
		AsyncApiDocument document = document(AsyncApiDocumentTests::head, Map.of());
		AsyncApiDocument.Page page = document.page().toCompletableFuture().join();
		assertThat(page.json(ServerAddress.of(false, "a\",\"<b", 8080, "")))
			.contains("\"host\":\"a\\\",\\\"\\u003cb:8080\"");
	}

	private AsyncApiDocument document(Supplier<Map<String, Object>> builder,
			Map<String, AsyncApiCustomizer> customizers) {
		return new AsyncApiDocument(() -> {
			this.made.incrementAndGet();
			return builder.get();
		}, () -> customizers, () -> List.of("/realtime"), 10_000);
	}

	private static Map<String, Object> head() {
		Map<String, Object> head = new LinkedHashMap<>();
		head.put("asyncapi", "3.0.0");
		head.put("channels", new LinkedHashMap<>());
		return head;
	}

	private static String json(AsyncApiDocument document) {
		return document.page().toCompletableFuture().join().json(BASE);
	}

	/** A document that one thread makes, which waits until it is told to finish. */
	private final class SlowDocument implements AutoCloseable {

		private final CountDownLatch begun = new CountDownLatch(1);

		private final CountDownLatch go = new CountDownLatch(1);

		private final ExecutorService thread = Executors.newSingleThreadExecutor();

		private final AsyncApiDocument document = document(this::make, Map.of());

		private final Future<String> maker = this.thread.submit(() -> json(this.document));

		SlowDocument() throws InterruptedException {
			assertThat(this.begun.await(10, TimeUnit.SECONDS)).isTrue();
		}

		private Map<String, Object> make() {
			this.begun.countDown();
			try {
				assertThat(this.go.await(10, TimeUnit.SECONDS)).isTrue();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return head();
		}

		/** Lets it finish; returns what the maker got. */
		private String finish() throws Exception {
			this.go.countDown();
			return this.maker.get(10, TimeUnit.SECONDS);
		}

		@Override
		public void close() {
			this.thread.shutdownNow();
		}

	}

}
