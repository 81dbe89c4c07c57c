package dev.realtime.spring.journey;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.jspecify.annotations.Nullable;

/**
 * Receives spans over OTLP/HTTP, as a collector does. Reads of
 * <a href="https://github.com/open-telemetry/opentelemetry-proto">its protobuf
 * messages</a> what tests look at.
 */
final class OtlpReceiver implements AutoCloseable {

	static final int SERVER = 2;

	static final int CLIENT = 3;

	static final int PRODUCER = 4;

	static final int CONSUMER = 5;

	private final HttpServer server;

	private final List<Span> spans = new CopyOnWriteArrayList<>();

	OtlpReceiver() {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.createContext("/v1/traces", this::handle);
		this.server.start();
	}

	/** The properties of a node whose spans come here, all of them. */
	List<String> properties() {
		String endpoint = "http://127.0.0.1:" + this.server.getAddress().getPort() + "/v1/traces";
		return List.of("management.tracing.sampling.probability=1", "management.otlp.tracing.endpoint=" + endpoint,
				"management.opentelemetry.tracing.export.otlp.endpoint=" + endpoint);
	}

	List<Span> ofTrace(String traceId) {
		return this.spans.stream().filter((span) -> span.traceId().equals(traceId)).toList();
	}

	List<Span> named(String name) {
		return this.spans.stream().filter((span) -> span.name().equals(name)).toList();
	}

	private void handle(HttpExchange exchange) throws IOException {
		try (InputStream body = exchange.getRequestBody()) {
			request(ByteBuffer.wrap(body.readAllBytes()));
		}
		exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
		exchange.sendResponseHeaders(200, -1);
		exchange.close();
	}

	/** Resource spans, scope spans, spans. */
	private void request(ByteBuffer request) {
		fields(request, (field, resource) -> nested(field == 1, resource,
				(inResource, scope) -> nested(inResource == 2, scope, (inScope, span) -> {
					if (inScope == 2) {
						this.spans.add(span((ByteBuffer) span));
					}
				})));
	}

	private static void nested(boolean wanted, Object value, BiConsumer<Integer, Object> fields) {
		if (wanted) {
			fields((ByteBuffer) value, fields);
		}
	}

	private static Span span(ByteBuffer bytes) {
		Map<Integer, Object> values = new HashMap<>();
		Map<String, String> attributes = new HashMap<>();
		List<String> links = new ArrayList<>();
		fields(bytes, (field, value) -> {
			if (field == 13) {
				fields((ByteBuffer) value, (inLink, part) -> {
					if (inLink == 2) {
						links.add(hex(part));
					}
				});
			}
			else if (field == 9) {
				attribute((ByteBuffer) value, attributes);
			}
			else {
				values.put(field, value);
			}
		});
		return new Span(hex(values.get(1)), hex(values.get(2)), hex(values.get(4)), text(values.get(5)),
				((Long) values.getOrDefault(6, 0L)).intValue(), attributes, links);
	}

	private static void attribute(ByteBuffer bytes, Map<String, String> attributes) {
		Map<Integer, Object> pair = new HashMap<>();
		fields(bytes, pair::put);
		if (pair.get(2) instanceof ByteBuffer any) {
			fields(any, (field, value) -> attributes.put(text(pair.get(1)),
					(value instanceof ByteBuffer) ? text(value) : value.toString()));
		}
	}

	/** Bytes of wire type 2 as a buffer, the others as numbers. */
	private static void fields(ByteBuffer message, BiConsumer<Integer, Object> action) {
		ByteBuffer rest = message.duplicate().order(ByteOrder.LITTLE_ENDIAN);
		while (rest.hasRemaining()) {
			long tag = varint(rest);
			Object value = switch ((int) (tag & 7)) {
				case 0 -> varint(rest);
				case 1 -> rest.getLong();
				case 2 -> {
					int length = (int) varint(rest);
					ByteBuffer part = rest.slice(rest.position(), length);
					rest.position(rest.position() + length);
					yield part;
				}
				case 5 -> (long) rest.getInt();
				default -> throw new IllegalArgumentException("wire type of tag " + tag);
			};
			action.accept((int) (tag >>> 3), value);
		}
	}

	private static long varint(ByteBuffer bytes) {
		long value = 0;
		for (int shift = 0;; shift += 7) {
			byte next = bytes.get();
			value |= (long) (next & 0x7f) << shift;
			if (next >= 0) {
				return value;
			}
		}
	}

	private static String hex(@Nullable Object value) {
		return (value instanceof ByteBuffer bytes) ? HexFormat.of().formatHex(array(bytes)) : "";
	}

	private static String text(@Nullable Object value) {
		return (value instanceof ByteBuffer bytes) ? new String(array(bytes), StandardCharsets.UTF_8) : "";
	}

	private static byte[] array(ByteBuffer bytes) {
		byte[] array = new byte[bytes.remaining()];
		bytes.duplicate().get(array);
		return array;
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

	/**
	 * A span; ids in lower-case hex, no parent is an empty one. Links are ids of spans.
	 */
	record Span(String traceId, String id, String parent, String name, int kind, Map<String, String> attributes,
			List<String> links) {
	}

}
