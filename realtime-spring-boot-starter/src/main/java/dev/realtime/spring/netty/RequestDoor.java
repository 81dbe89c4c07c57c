package dev.realtime.spring.netty;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import dev.realtime.spring.audit.Door;
import dev.realtime.spring.netty.ListenerStats.Refused;
import dev.realtime.spring.stream.StreamAnswer;
import dev.realtime.spring.stream.StreamKind;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import org.jspecify.annotations.Nullable;

/**
 * Decides by the line and headers of a request alone whether it is refused: by its path,
 * method, origin, the length of its body, and how many connections there are. Nothing of
 * a body has been kept by then.
 */
final class RequestDoor {

	private static final String VERSION = "13";

	private RequestDoor() {
	}

	/** Returns why a request is refused, or null if it is not. On the event loop. */
	static @Nullable Refusal refusal(Channel channel, HttpRequest request, ListenerContext listener) {
		if (AddressPlace.isCrowded(channel)) {
			return crowded(request, listener);
		}
		StreamKind kind = listener.stream(request.uri());
		Refusal refusal = (kind != null) ? ofStream(request, kind, listener) : ofHandshake(request, listener);
		if (refusal == null && !AddressPlace.enter(channel, request, listener)) {
			return crowded(request, listener);
		}
		return refusal;
	}

	/** What is no HTTP. */
	static Refusal malformed() {
		return text(HttpResponseStatus.BAD_REQUEST, "This is not an HTTP request, or its headers are too large");
	}

	/** A handshake without its key, for instance. */
	static Refusal incomplete() {
		return text(HttpResponseStatus.BAD_REQUEST, "This is not a complete WebSocket handshake");
	}

	private static @Nullable Refusal ofStream(HttpRequest request, StreamKind kind, ListenerContext listener) {
		Map<String, String> cors = cors(request, listener, kind);
		if (!listener.allows(request)) {
			return new Refusal(Door.HTTP, StreamAnswer.foreignOrigin(), Refused.ORIGIN, cors);
		}
		boolean asksFirst = request.method().equals(HttpMethod.OPTIONS);
		if (!asksFirst && !request.method().name().equals(kind.method())) {
			return new Refusal(Door.HTTP, StreamAnswer.wrongMethod(kind), Refused.REQUEST, cors);
		}
		if ((asksFirst || kind != StreamKind.SEND) && hasBody(request)) {
			return new Refusal(Door.HTTP, StreamAnswer.noBody(request.method().name()), Refused.REQUEST, cors);
		}
		if (!listener.hasRoom()) {
			return new Refusal(Door.HTTP, StreamAnswer.full(), Refused.FULL, cors);
		}
		int most = Objects.requireNonNull(listener.streams()).options().maxBody();
		return (HttpUtil.getContentLength(request, 0L) > most)
				? new Refusal(Door.HTTP, StreamAnswer.tooLarge(most), Refused.REQUEST, cors) : null;
	}

	private static @Nullable Refusal ofHandshake(HttpRequest request, ListenerContext listener) {
		if (listener.endpoint(request.uri()) == null) {
			return text(HttpResponseStatus.NOT_FOUND, "There is no STOMP endpoint at this path");
		}
		if (!request.method().equals(HttpMethod.GET)) {
			return text(HttpResponseStatus.METHOD_NOT_ALLOWED, "A WebSocket handshake is a GET");
		}
		if (hasBody(request)) {
			return text(HttpResponseStatus.BAD_REQUEST, "A WebSocket handshake has no body");
		}
		if (!request.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
				|| !request.headers().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)) {
			return text(HttpResponseStatus.UPGRADE_REQUIRED, "This endpoint accepts only WebSocket connections");
		}
		if (!VERSION.equals(request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
			return text(HttpResponseStatus.UPGRADE_REQUIRED, "Only WebSocket version 13 is supported");
		}
		if (!listener.allows(request)) {
			return text(HttpResponseStatus.FORBIDDEN, "Pages of this origin may not connect");
		}
		if (listener.refusing().getAsBoolean()) {
			return text(HttpResponseStatus.SERVICE_UNAVAILABLE, Refused.REQUEST,
					"This node is out of service; connect again to reach another one");
		}
		return listener.hasRoom() ? null
				: text(HttpResponseStatus.SERVICE_UNAVAILABLE, "The node has reached its limit of connections");
	}

	private static boolean hasBody(HttpRequest request) {
		return HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) > 0;
	}

	private static Refusal crowded(HttpRequest request, ListenerContext listener) {
		StreamKind kind = listener.stream(request.uri());
		return new Refusal((kind != null) ? Door.HTTP : Door.HANDSHAKE, StreamAnswer.crowded(), Refused.ADDRESS,
				(kind != null) ? cors(request, listener, kind) : Map.of());
	}

	/** What lets a page of an allowed origin read the answer. */
	static Map<String, String> cors(HttpRequest request, ListenerContext listener, StreamKind kind) {
		String origin = request.headers().get(HttpHeaderNames.ORIGIN);
		return (origin != null && listener.allows(request)) ? kind.corsHeaders(origin) : Map.of();
	}

	private static Refusal text(HttpResponseStatus status, String sentence) {
		Refused reason = status.equals(HttpResponseStatus.FORBIDDEN) ? Refused.ORIGIN
				: status.equals(HttpResponseStatus.SERVICE_UNAVAILABLE) ? Refused.FULL : Refused.REQUEST;
		return text(status, reason, sentence);
	}

	private static Refusal text(HttpResponseStatus status, Refused reason, String sentence) {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("Content-Type", "text/plain;charset=UTF-8");
		if (status.equals(HttpResponseStatus.SERVICE_UNAVAILABLE)) {
			headers.put("Retry-After", "2");
		}
		if (status.equals(HttpResponseStatus.UPGRADE_REQUIRED)) {
			headers.put("Upgrade", "websocket");
			headers.put("Sec-WebSocket-Version", VERSION);
		}
		else if (status.equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
			headers.put("Allow", HttpMethod.GET.name());
		}
		return new Refusal(Door.HANDSHAKE,
				new StreamAnswer(status.code(), headers, (sentence + '\n').getBytes(StandardCharsets.UTF_8)), reason,
				Map.of());
	}

	/**
	 * A request that is not carried out.
	 *
	 * @param door where it was refused
	 * @param answer what the client gets
	 * @param reason what it counts as
	 * @param cors headers that let pages of other origins read the answer
	 */
	record Refusal(Door door, StreamAnswer answer, Refused reason, Map<String, String> cors) {

		/** For the report; null where the client has made a mistake. */
		@Nullable String word() {
			return switch (this.reason) {
				case ORIGIN -> "origin";
				case FULL -> "full";
				case ADDRESS -> "too-many-connections";
				default -> StreamAnswer.refusal(this.answer.status(), this.answer.refusal());
			};
		}

	}

}
