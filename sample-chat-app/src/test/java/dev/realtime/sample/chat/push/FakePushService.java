package dev.realtime.sample.chat.push;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.jspecify.annotations.Nullable;

/**
 * A push service on this machine, over HTTP. It remembers what it got and answers 201
 * unless it was told otherwise for a path.
 */
final class FakePushService implements AutoCloseable {

	/** An answer whose body never comes. */
	static final Answer SILENCE = new Answer(-1, Map.of());

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final CountDownLatch end = new CountDownLatch(1);

	private final List<Push> pushes = new CopyOnWriteArrayList<>();

	private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();

	private final HttpServer server;

	FakePushService() {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.setExecutor(this.threads);
		this.server.createContext("/", this::receive);
		this.server.start();
	}

	static Answer status(int status) {
		return new Answer(status, Map.of());
	}

	static Answer status(int status, String header, String value) {
		return new Answer(status, Map.of(header, value));
	}

	String origin() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort();
	}

	/** A browser whose pushes arrive at this path; these are the first answers. */
	TestBrowser browser(String path, Answer... first) throws Exception {
		this.answers.put(path, new ArrayDeque<>(List.of(first)));
		return new TestBrowser(origin() + path);
	}

	List<Push> pushesAt(String path) {
		return this.pushes.stream().filter((push) -> push.path().equals(path)).toList();
	}

	private void receive(HttpExchange exchange) throws IOException {
		try (exchange) {
			String path = exchange.getRequestURI().getPath();
			ByteBuffer body = ByteBuffer.wrap(exchange.getRequestBody().readAllBytes()).asReadOnlyBuffer();
			Headers headers = new Headers();
			headers.putAll(exchange.getRequestHeaders());
			Answer answer = next(path);
			this.pushes.add(new Push(exchange.getRequestMethod(), path, headers, body));
			answer.headers().forEach(exchange.getResponseHeaders()::set);
			if (answer.equals(SILENCE)) {
				exchange.sendResponseHeaders(201, 10);
				exchange.getResponseBody().flush();
				this.end.await();
			}
			else {
				exchange.sendResponseHeaders(answer.status(), -1);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private Answer next(String path) {
		Deque<Answer> left = this.answers.getOrDefault(path, new ArrayDeque<>());
		synchronized (left) {
			Answer next = left.poll();
			return (next != null) ? next : status(201);
		}
	}

	@Override
	public void close() {
		this.end.countDown();
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	/**
	 * A request.
	 *
	 * @param method of HTTP
	 * @param path where it arrived
	 * @param headers all of them
	 * @param body encrypted
	 */
	record Push(String method, String path, Headers headers, ByteBuffer body) {

		@Nullable String header(String name) {
			return this.headers.getFirst(name);
		}

	}

	/**
	 * What it answers.
	 *
	 * @param status of HTTP
	 * @param headers of the answer
	 */
	record Answer(int status, Map<String, String> headers) {
	}

}
