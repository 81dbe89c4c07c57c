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

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AsyncApiDocumentTests {

	private static final ServerAddress BASE = ServerAddress.of(true, "::1", 443, "/ctx");

	private final AtomicInteger made = new AtomicInteger();

	@RepeatedTest(20)
	void isMadeOnceHoweverManyAskAndNobodyElseWaitsOnAThread() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		AsyncApiDocument document = document(() -> {
			begun.countDown();
			awaitLatch(go);
			return head();
		}, Map.of());
		ExecutorService first = Executors.newSingleThreadExecutor();
		try {
			Future<String> maker = first.submit(() -> json(document));
			assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
			List<CompletableFuture<AsyncApiDocument.Page>> others = new ArrayList<>();
			for (int i = 0; i < 10; i++) {
				others.add(document.page().toCompletableFuture());
			}
			assertThat(others).noneMatch(CompletableFuture::isDone);
			// who gives up must not spoil it for others
			assertThat(others.remove(0).completeExceptionally(new IllegalStateException())).isTrue();
			go.countDown();
			String json = maker.get(10, TimeUnit.SECONDS);
			for (CompletableFuture<AsyncApiDocument.Page> other : others) {
				assertThat(other.get(10, TimeUnit.SECONDS).json(BASE)).isEqualTo(json);
			}
			assertThat(this.made).hasValue(1);
		}
		finally {
			first.shutdownNow();
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
				throwUndeclared(new IOException("no"));
			}
		}));
		assertThat(document.page().toCompletableFuture()).failsWithin(Duration.ZERO)
			.withThrowableThat()
			.withMessageContaining("\"hide\" failed");
		assertThat(json(document)).contains("3.0.0");
	}

	@Test
	void rule8_soManyRequestsWaitAndOthersAreRefused() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		AsyncApiDocument document = document(() -> {
			begun.countDown();
			awaitLatch(go);
			return head();
		}, Map.of());
		ExecutorService first = Executors.newSingleThreadExecutor();
		try {
			Future<String> maker = first.submit(() -> json(document));
			assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
			for (int i = 0; i < 100; i++) {
				assertThat(document.page().toCompletableFuture()).isNotDone();
			}
			assertThat(document.page().toCompletableFuture()).failsWithin(Duration.ZERO)
				.withThrowableThat()
				.withCauseInstanceOf(RejectedExecutionException.class);
			go.countDown();
			assertThat(maker.get(10, TimeUnit.SECONDS)).contains("3.0.0");
			assertThat(json(document)).contains("3.0.0");
		}
		finally {
			first.shutdownNow();
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

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> void throwUndeclared(Throwable failure) throws T {
		throw (T) failure;
	}

	private static void awaitLatch(CountDownLatch latch) {
		try {
			assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
