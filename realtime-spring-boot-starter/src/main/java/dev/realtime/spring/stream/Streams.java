package dev.realtime.spring.stream;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import dev.realtime.spring.audit.SecurityEvents;
import dev.realtime.spring.rates.RateLimitedException;
import dev.realtime.spring.rates.Rates;
import dev.realtime.spring.rates.RequestCost;
import dev.realtime.spring.stomp.InboundExecutor;
import dev.realtime.spring.websocket.Inbox;
import org.jspecify.annotations.Nullable;

import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketMessage;

/**
 * The door for requests, whichever web server they come from: makes each a session of the
 * STOMP endpoint. Safe for any number of threads; does not block.
 */
public final class Streams {

	/** What a browser's request has for the interceptors of CONNECT. */
	private static final List<String> FOR_CONNECT = List.of("Authorization", "X-CSRF-TOKEN", "X-XSRF-TOKEN");

	private static final List<String> CREDENTIALS = List.of("login", "passcode", "ticket");

	private final StreamOptions options;

	private final Supplier<StompEndpoint> endpoint;

	private final Supplier<InboundExecutor> inbound;

	private final Rates rates;

	private final SecurityEvents events;

	/**
	 * Makes a door.
	 * @param endpoint asked at the first request
	 * @param inbound asked at the first request
	 * @param rates knows which clients ask too often
	 * @param events takes note of refusals
	 */
	Streams(StreamOptions options, Supplier<StompEndpoint> endpoint, Supplier<InboundExecutor> inbound, Rates rates,
			SecurityEvents events) {
		this.rates = rates;
		this.events = events;
		this.options = options;
		this.endpoint = SingletonSupplier.of(endpoint);
		this.inbound = SingletonSupplier.of(inbound);
	}

	public StreamOptions options() {
		return this.options;
	}

	/** The endpoint whose sessions streams are. */
	public StompEndpoint endpoint() {
		return this.endpoint.get();
	}

	/**
	 * Carries out a request; the exchange is answered some time.
	 * @return to be told when the client is gone; null when it is answered already
	 */
	public @Nullable Stream open(StreamKind kind, StreamCall call, Exchange answered) {
		Exchange exchange = new ReportingExchange(answered, call, this.events);
		if (call.isFromForeignPage()) {
			exchange.answer(StreamAnswer.foreignOrigin());
			return null;
		}
		try {
			Query query = new Query(call.query());
			Map<String, String> credentials = credentials(call, query);
			return switch (kind) {
				case SSE -> sse(call, query, credentials, exchange);
				case POLL -> poll(call, query, credentials, exchange);
				case SEND -> send(call, query, credentials, exchange);
			};
		}
		catch (StreamRefusedException ex) {
			exchange.answer(StreamAnswer.problem(400, ex.word(), ex.sentence()));
			return null;
		}
		catch (RateLimitedException ex) {
			exchange.answer(StreamAnswer.tooOften(ex.sentence(), ex.retryAfterMillis()));
			return null;
		}
	}

	private Stream sse(StreamCall call, Query query, Map<String, String> credentials, Exchange exchange) {
		StreamRequest request = StreamRequest.parse(query, call.header("Last-Event-ID"), this.options);
		SseTransport transport = new SseTransport(exchange, new StreamEvents(request.subscriptions()),
				request.heartbeat());
		return start(call, exchange, transport, subscribes(request), credentials, request.cost());
	}

	private Stream poll(StreamCall call, Query query, Map<String, String> credentials, Exchange exchange) {
		StreamRequest request = StreamRequest.parse(query, call.header("Last-Event-ID"), this.options);
		PollTransport transport = new PollTransport(exchange, new StreamEvents(request.subscriptions()));
		Stream stream = start(call, exchange, transport, subscribes(request), credentials, request.cost());
		transport.waitFor(request.timeout());
		return stream;
	}

	private Stream send(StreamCall call, Query query, Map<String, String> credentials, Exchange exchange) {
		Map<String, String> headers = query.firsts();
		CREDENTIALS.forEach(headers::remove);
		String destination = headers.get("destination");
		if (destination == null || !destination.startsWith("/")) {
			throw new StreamRefusedException("Name the destination: ?destination=/app/room/lobby/say");
		}
		String contentType = call.header("Content-Type");
		if (StreamCall.isForm(contentType)) {
			throw new StreamRefusedException(StreamCall.NO_FORMS);
		}
		headers.put("receipt", SendTransport.RECEIPT);
		if (contentType != null) {
			headers.put("content-type", contentType);
		}
		headers.remove("content-length");
		SendTransport transport = new SendTransport(exchange);
		Stream stream = start(call, exchange, transport, List.of(ClientFrames.send(headers, call.body())), credentials,
				new RequestCost(true, 0, 0));
		transport.waitForAnswer();
		return stream;
	}

	private Stream start(StreamCall call, Exchange exchange, StreamTransport transport,
			List<WebSocketMessage<?>> frames, Map<String, String> credentials, RequestCost cost) {
		this.rates.requesting(call.remote(), cost);
		cost.note(call.attributes());
		StreamSession session = new StreamSession(call, transport, exchange.eventLoop(), this.options.maxBody());
		Inbox steps = new Inbox(new StreamSocket(() -> session.close(CloseStatus.SERVER_ERROR), exchange::later),
				this.inbound.get(), Integer.MAX_VALUE, Long.MAX_VALUE);
		Stream stream = new Stream(endpoint().handler(), session, steps, frames);
		transport.serve(stream);
		stream.open(ClientFrames.connect(credentials));
		return stream;
	}

	private static List<WebSocketMessage<?>> subscribes(StreamRequest request) {
		List<WebSocketMessage<?>> frames = new ArrayList<>();
		for (Subscription subscription : request.subscriptions()) {
			frames.add(ClientFrames.subscribe(frames.size(), subscription, request.rewind()));
		}
		return frames;
	}

	/** STOMP knows no escapes in CONNECT. */
	private static Map<String, String> credentials(StreamCall call, Query query) {
		Map<String, String> headers = new LinkedHashMap<>();
		for (String name : FOR_CONNECT) {
			String value = call.header(name);
			if (value != null) {
				headers.put(name, value);
			}
		}
		for (String name : CREDENTIALS) {
			String value = query.first(name);
			if (value != null) {
				headers.put(name, value);
			}
		}
		headers.forEach((name, value) -> {
			if (value.chars().anyMatch((c) -> c < ' ')) {
				throw new StreamRefusedException(name + " must not contain control characters");
			}
		});
		return headers;
	}

}
