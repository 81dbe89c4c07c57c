package dev.realtime.spring.netty;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;

import dev.realtime.spring.AddressConnections;
import dev.realtime.spring.ClientAddress;
import dev.realtime.testing.fuzz.FuzzContract;
import io.netty.handler.codec.http.HttpServerCodec;

import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A connection of the Netty listener from its first byte on: HTTP request, WebSocket
 * frames, compressed messages. What comes out does not depend on the pieces, no message
 * is larger than allowed, and every buffer is released.
 */
@SuppressWarnings("FutureReturnValueIgnored")
class ListenerFuzzTests extends FuzzContract {

	private static final int MOST = 2_048;

	private static final String REQUEST = String.join("\r\n", "GET /ws HTTP/1.1", "Host: a", "Upgrade: websocket",
			"Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
			"Sec-WebSocket-Protocol: v12.stomp", "");

	private static final String COMPRESSED = REQUEST + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n";

	private final Endpoints endpoints = endpoints();

	private final AddressConnections addresses = new AddressConnections(0, new ClientAddress(List.of()));

	/** What the handler was called with. */
	private List<String> messages = new ArrayList<>();

	@Override
	protected List<byte[]> corpus() {
		byte[] text = ClientFrame.utf8("CONNECT\naccept-version:1.2\n\n\0");
		List<byte[]> corpus = new ArrayList<>(bytes(REQUEST + "\r\n", COMPRESSED, "GET /x HTTP/1.1\r\n\r\n",
				"POST /ws HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
				"GET /ws HTTP/1.1\r\nHost: a\r\nOrigin: http://b\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
				REQUEST + "X: a\r\n b\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n"));
		corpus.add(following(REQUEST + "\r\n", ClientFrame.last(ClientFrame.TEXT, text),
				ClientFrame.close(1000, new byte[0])));
		corpus.add(following(REQUEST + "\r\n", ClientFrame.part(ClientFrame.TEXT, text),
				ClientFrame.last(ClientFrame.PING, text), ClientFrame.last(ClientFrame.CONTINUATION, text),
				ClientFrame.last(ClientFrame.PONG, new byte[0])));
		corpus.add(following(REQUEST + "\r\n", ClientFrame.last(ClientFrame.BINARY, new byte[200]),
				ClientFrame.textOfLength(1L << 40)));
		byte[] deflated = deflated("SEND\ndestination:/topic/x\n\nhello hello hello\0".repeat(8));
		corpus.add(following(COMPRESSED, ClientFrame.masked(0xC1, deflated), ClientFrame.last(ClientFrame.TEXT, text)));
		corpus.add(following(COMPRESSED, ClientFrame.masked(0x41, Arrays.copyOf(deflated, 9)),
				ClientFrame.last(ClientFrame.PING, new byte[3]),
				ClientFrame.last(ClientFrame.CONTINUATION, Arrays.copyOfRange(deflated, 9, deflated.length))));
		corpus.add(following(COMPRESSED, ClientFrame.masked(0xC2, deflated("x".repeat(100_000)))));
		return corpus;
	}

	private static byte[] following(String request, byte[]... frames) {
		byte[] first = request.getBytes(StandardCharsets.US_ASCII);
		ByteBuffer all = ByteBuffer
			.allocate(first.length + Arrays.stream(frames).mapToInt((each) -> each.length).sum());
		all.put(first);
		Arrays.stream(frames).forEach(all::put);
		return all.array();
	}

	private static byte[] deflated(String message) {
		return WireFrame.deflate(ClientFrame.utf8(message));
	}

	@Override
	protected List<String> words() {
		return List.of("\r\n", "\r\n\r\n", ": ", "Host: a\r\n", "Origin: http://a\r\n", "Content-Length: 5\r\n",
				"Transfer-Encoding: chunked\r\n", "Expect: 100-continue\r\n", "HTTP/1.0", "/ws", "/%77s", "/ws?",
				"Sec-WebSocket-Extensions: ", "permessage-deflate", ";", ",", "Sec-WebSocket-Protocol: ",
				"Connection: close\r\n", "\u0081\u0080\0\0\0\0");
	}

	@Override
	protected long mostAllocated(int length) {
		return 3_000_000 + 20_000L * length;
	}

	@Override
	protected Object check(byte[] input) {
		Random random = random(input);
		int least = 1 + random.nextInt(64);
		Outcome bytewise = read(input, Integer.MAX_VALUE, (left) -> 1);
		// A client waits for the answer before it sends frames.
		Outcome whole = read(input, bytewise.answeredAt(), (left) -> left);
		assertThat(bytewise).isEqualTo(whole);
		assertThat(read(input, bytewise.answeredAt(), (left) -> least + random.nextInt(least))).isEqualTo(whole);
		read(input, Integer.MAX_VALUE, (left) -> left);
		return List.of(whole.messages().size(), whole.written().substring(0, Math.min(30, whole.written().length())),
				whole.written().length() / 20);
	}

	/**
	 * Reads the input.
	 * @param cut where a piece ends in any case
	 */
	private Outcome read(byte[] input, int cut, IntUnaryOperator sizes) {
		this.messages = new ArrayList<>();
		FuzzedChannel channel = new FuzzedChannel();
		int size = 1_024;
		ListenerStats stats = new ListenerStats();
		ListenerContext context = context(stats);
		channel.pipeline()
			.addLast(new HttpServerCodec(size, size, size))
			.addLast(new RequestAggregator(context))
			.addLast(new HandshakeHandler(context,
					channel.eventLoop().schedule((Runnable) channel::close, 1, TimeUnit.HOURS)));
		StringBuilder written = new StringBuilder();
		int answeredAt = 0;
		for (int at = 0; at < input.length;) {
			int most = (at < cut) ? Math.min(input.length, cut) - at : input.length - at;
			int piece = Math.min(most, sizes.applyAsInt(most));
			boolean open = channel.read(input, at, piece);
			at += piece;
			written.append(channel.written());
			answeredAt = (answeredAt == 0 && !written.isEmpty()) ? at : answeredAt;
			if (!open) {
				break;
			}
		}
		channel.end();
		return new Outcome(this.messages, written.toString(), answeredAt);
	}

	private ListenerContext context(ListenerStats stats) {
		return new ListenerContext(new ServletPaths(""), this.endpoints, new Origins(List.of()), Runnable::run, MOST,
				64, 65_536, 10, 0, true, new TrustedProxies(List.of()), this.addresses, this.addresses, stats, null,
				Duration.ofHours(1), new WriteDeadline(Duration.ofHours(1)), null, () -> false);
	}

	private Endpoints endpoints() {
		WebSocketHttpRequestHandler endpoint = new WebSocketHttpRequestHandler(handler(),
				(request, response, handler, attributes) -> false);
		return new Endpoints(new AbstractUrlHandlerMapping() {
			{
				registerHandler("/ws", endpoint);
			}
		});
	}

	private WebSocketHandler handler() {
		return new AbstractWebSocketHandler() {

			/** As wholes, so that pieces make no difference. */
			private final ByteArrayOutputStream message = new ByteArrayOutputStream();

			@Override
			public void afterConnectionEstablished(WebSocketSession session) {
				this.message.reset();
				ListenerFuzzTests.this.messages.add("opened " + session.getUri() + session.getHandshakeHeaders());
			}

			@Override
			public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) {
				assertThat(message.getPayloadLength()).isBetween(message.isLast() ? 0 : 1, MOST);
				this.message.writeBytes((message instanceof TextMessage text) ? text.asBytes()
						: ((BinaryMessage) message).getPayload().array());
				if (message.isLast()) {
					ListenerFuzzTests.this.messages.add("message " + Arrays.hashCode(this.message.toByteArray()));
					this.message.reset();
				}
			}

			@Override
			public void handleTransportError(WebSocketSession session, Throwable failure) {
				throw new AssertionError("The transport failed", failure);
			}

			@Override
			public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
				ListenerFuzzTests.this.messages.add("closed " + status);
			}

		};
	}

	private record Outcome(List<String> messages, String written, int answeredAt) {
	}

}
