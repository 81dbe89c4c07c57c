package dev.realtime.spring.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import org.jspecify.annotations.Nullable;

/** A receiver of webhooks that remembers all requests and misbehaves as it is told. */
final class HookReceiver implements AutoCloseable {

	/** Takes the request; its body has been read. */
	@FunctionalInterface
	interface Behaviour {

		void answer(HttpExchange exchange) throws IOException;

	}

	static final Behaviour ACCEPTS = answers(204);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<Request> requests = new CopyOnWriteArrayList<>();

	private final HttpServer server;

	volatile Behaviour behaviour = ACCEPTS;

	HookReceiver(@Nullable SSLContext tls) {
		try {
			InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
			if (tls != null) {
				HttpsServer secure = HttpsServer.create(address, 0);
				secure.setHttpsConfigurator(new HttpsConfigurator(tls));
				this.server = secure;
			}
			else {
				this.server = HttpServer.create(address, 0);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.setExecutor(this.threads);
		this.server.createContext("/", this::receive);
		this.server.start();
	}

	static Behaviour answers(int status) {
		return (exchange) -> exchange.sendResponseHeaders(status, -1);
	}

	int port() {
		return this.server.getAddress().getPort();
	}

	List<Request> requests() {
		return List.copyOf(this.requests);
	}

	/** What was told, as {@code type topic}. */
	List<String> events() {
		return this.requests.stream().map(Request::event).toList();
	}

	private void receive(HttpExchange exchange) throws IOException {
		try (exchange) {
			String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
			this.requests.add(new Request(exchange.getRequestMethod(), exchange.getRequestURI().toString(),
					header(exchange, "content-type"), header(exchange, "webhook-id"),
					header(exchange, "webhook-timestamp"), header(exchange, "webhook-signature"), body));
			this.behaviour.answer(exchange);
		}
	}

	private static String header(HttpExchange exchange, String name) {
		return String.valueOf(exchange.getRequestHeaders().getFirst(name));
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	record Request(String method, String uri, String contentType, String id, String timestamp, String signature,
			String body) {

		String event() {
			return this.body.replaceAll("\\{\"type\":\"([^\"]+)\".*\"topic\":\"([^\"]+)\".*", "$1 $2");
		}

		/** As the specification says, and written for this test. */
		boolean isSignedWith(String secret) {
			try {
				Mac mac = Mac.getInstance("HmacSHA256");
				mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret), "HmacSHA256"));
				byte[] signed = mac
					.doFinal((this.id + '.' + this.timestamp + '.' + this.body).getBytes(StandardCharsets.UTF_8));
				return List.of(this.signature.split(" ", -1))
					.contains("v1," + Base64.getEncoder().encodeToString(signed));
			}
			catch (GeneralSecurityException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
