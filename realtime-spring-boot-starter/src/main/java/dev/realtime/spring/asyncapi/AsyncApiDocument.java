package dev.realtime.spring.asyncapi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The application's AsyncAPI document. It is made at the first request, on that request's
 * thread; requests that come meanwhile do not occupy a thread. What could not be made is
 * made again at the next request. Safe for any number of threads. Public for our own
 * packages; not for applications.
 */
public final class AsyncApiDocument {

	private static final String SERVERS = "servers";

	/** Requests that wait for the document at the same time. */
	private static final int MAX_WAITING = 100;

	/** What readers expect at the beginning. */
	private static final Set<String> FIRST = Set.of("asyncapi", "id", "info");

	private final Supplier<Map<String, Object>> builder;

	private final Supplier<Map<String, AsyncApiCustomizer>> customizers;

	private final Supplier<List<String>> endpoints;

	private final long maxLength;

	private final AtomicReference<@Nullable CompletableFuture<Page>> made = new AtomicReference<>();

	private final AtomicInteger waiting = new AtomicInteger();

	/**
	 * Makes the document's holder.
	 * @param builder makes the document anew
	 * @param customizers change it, in this order; by the names of their beans
	 * @param endpoints the paths of the endpoints, where the document names no server
	 * @param maxLength most characters
	 */
	AsyncApiDocument(Supplier<Map<String, Object>> builder, Supplier<Map<String, AsyncApiCustomizer>> customizers,
			Supplier<List<String>> endpoints, long maxLength) {
		this.builder = builder;
		this.customizers = customizers;
		this.endpoints = endpoints;
		this.maxLength = maxLength;
	}

	/**
	 * Returns the document. Fails if it could not be made, and with a
	 * {@link RejectedExecutionException} if too many requests wait for it.
	 */
	public CompletionStage<Page> page() {
		CompletableFuture<Page> mine = new CompletableFuture<>();
		CompletableFuture<Page> known = this.made.compareAndExchange(null, mine);
		if (known == null) {
			makeFor(mine);
			return mine.minimalCompletionStage();
		}
		if (!known.isDone() && this.waiting.incrementAndGet() > MAX_WAITING) {
			this.waiting.decrementAndGet();
			return CompletableFuture.failedStage(new RejectedExecutionException("The document is being made"));
		}
		return known.minimalCompletionStage();
	}

	/** The application's code may throw anything, undeclared exceptions too. */
	private void makeFor(CompletableFuture<Page> requests) {
		try {
			Page page = make();
			this.waiting.set(0);
			requests.complete(page);
		}
		catch (Throwable ex) {
			this.waiting.set(0);
			this.made.set(null);
			requests.completeExceptionally(ex);
		}
	}

	private Page make() {
		Map<String, Object> document = this.builder.get();
		this.customizers.get().forEach((name, customizer) -> customize(name, customizer, document));
		Map<String, Object> first = new LinkedHashMap<>(document);
		first.keySet().retainAll(FIRST);
		Map<String, Object> rest = new LinkedHashMap<>(document);
		rest.keySet().removeAll(FIRST);
		return new Page(JsonTree.write(first, this.maxLength), JsonTree.write(rest, this.maxLength),
				document.containsKey(SERVERS) ? List.of() : this.endpoints.get());
	}

	private static void customize(String name, AsyncApiCustomizer customizer, Map<String, Object> document) {
		try {
			customizer.customize(document);
		}
		catch (Throwable ex) {
			throw new IllegalStateException("The AsyncApiCustomizer \"" + name
					+ "\" failed, so no AsyncAPI document is served: it may have been about to remove something", ex);
		}
	}

	/**
	 * A document that is made.
	 *
	 * @param first the object with the document's first members
	 * @param rest the object with the others
	 * @param endpoints the paths of the servers to add
	 */
	public record Page(String first, String rest, List<String> endpoints) {

		public Page {
			endpoints = List.copyOf(endpoints);
		}

		/**
		 * Returns the document for a request.
		 * @param base where the request was sent, without the application's own path
		 */
		public String json(ServerAddress base) {
			Map<String, Object> servers = new TreeMap<>();
			for (String endpoint : this.endpoints) {
				servers.put(servers.isEmpty() ? "websocket" : "websocket" + (servers.size() + 1),
						base.at(endpoint).describe());
			}
			String member = servers.isEmpty() ? "" : JsonTree.write(Map.of(SERVERS, servers), Integer.MAX_VALUE);
			return joined(joined(this.first, member), this.rest);
		}

		/** The members of both objects. */
		private static String joined(String one, String other) {
			if (one.length() <= 2 || other.length() <= 2) {
				return (one.length() <= 2) ? other : one;
			}
			return one.substring(0, one.length() - 1) + ',' + other.substring(1);
		}

	}

}
