package dev.realtime.spring.netty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;

import dev.realtime.spring.security.ConnectRequest;
import dev.realtime.spring.stream.StreamKind;
import dev.realtime.spring.websocket.PerMessageDeflate;
import dev.realtime.testing.fuzz.FuzzContract;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/** What the Netty listener reads out of a request's line and headers before any login. */
class HandshakeHeadersFuzzTests extends FuzzContract {

	private static final InetSocketAddress PEER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1_234);

	private final ServletPaths paths = new ServletPaths("/shop");

	private final Origins sameHost = new Origins(List.of());

	private final Origins listed = new Origins(List.of("https://*.example.com", "https://a.example:[8080,8443]"));

	private final TrustedProxies proxies = new TrustedProxies(List.of("127.0.0.0/8", "10.0.0.0/8", "fd00::/8"));

	@Override
	protected List<byte[]> corpus() {
		return bytes(
				"permessage-deflate; client_max_window_bits\nhttps://x.example.com\nx.example.com\n10.0.0.1, 192.0.2.7\n/shop/realtime/sse?x",
				"permessage-deflate; server_max_window_bits=15, x-webkit; a=\"b;c\"\nhttp://localhost:80\nlocalhost:90\n[fd00::1]:80,::1,9.9.9.9:1\n/shop/%77s;a=b/x",
				"permessage-deflate;client_max_window_bits=8,permessage-deflate\nnull\n[::1]:8080\n127.0.0.1:65536\n/shop/a%2Fb",
				";;\nhttps://a.example:8443\n\nunknown\n*");
	}

	@Override
	protected List<String> words() {
		return List.of(";", ",", "=", "\"", "permessage-deflate", "server_no_context_takeover",
				"client_no_context_takeover", "server_max_window_bits=15", "%2F", "%2e", "..", "//", "%", "%zz", "%C3",
				";jsessionid=1", "?", "[", "]", "::", "%eth0", ":80", "10.0.0.1", "fd00::1", "\n", "://", "@", "\\",
				"#");
	}

	@Override
	protected Object check(byte[] input) {
		String[] lines = text(input).split("\n", -1);
		return List.of(String.valueOf(extensions(line(lines, 0))), origin(line(lines, 1), line(lines, 2)),
				client(line(lines, 3)), path(line(lines, 4)), bearer(line(lines, 1)));
	}

	private static @Nullable String extensions(String line) {
		@Nullable String answer = PerMessageDeflate.answer(List.of(line));
		if (answer != null) {
			assertThat(line.toLowerCase(java.util.Locale.ROOT)).contains(PerMessageDeflate.NAME);
			assertThat(answer).startsWith(PerMessageDeflate.NAME + "; server_no_context_takeover");
		}
		return answer;
	}

	private String origin(String origin, String host) {
		boolean same = this.sameHost.allow(origin, host);
		if (same) {
			assertThat(host).containsIgnoringCase(URI.create(origin).getHost());
		}
		return same + "" + this.listed.allow(origin, host);
	}

	private String client(String hops) {
		FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/",
				Unpooled.EMPTY_BUFFER, DefaultHttpHeadersFactory.headersFactory().withValidation(false),
				DefaultHttpHeadersFactory.trailersFactory());
		request.headers().set("X-Forwarded-For", hops);
		InetSocketAddress client = this.proxies.client(PEER, request);
		assertThat(client.isUnresolved()).isFalse();
		assertThat(this.proxies.client(new InetSocketAddress("192.0.2.1", 1), request).getHostString())
			.isEqualTo("192.0.2.1");
		return client.equals(PEER) + "" + this.proxies.contains(client);
	}

	private String path(String uri) {
		@Nullable String path = this.paths.within(uri);
		assertThat(path == null || path.length() <= uri.length()).isTrue();
		return (path == null) ? "" : String.valueOf(StreamKind.at(path, "/realtime"));
	}

	private static boolean bearer(String line) {
		return new ConnectRequest("s", java.util.Map.of("Authorization", line), null, null, null, java.util.Map.of())
			.bearerToken() != null;
	}

	private static String line(String[] lines, int index) {
		return (index < lines.length) ? lines[index] : "";
	}

}
