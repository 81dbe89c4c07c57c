package dev.realtime.spring.netty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;

import dev.realtime.testing.fuzz.FuzzContract;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.NetUtil;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever a client writes into {@code X-Forwarded-For}, its address is what the trusted
 * proxies have seen: adding entries in front changes nothing.
 */
class ForwardedForFuzzTests extends FuzzContract {

	private static final InetSocketAddress PROXY = new InetSocketAddress(address("10.0.0.1"), 4_711);

	private static final InetSocketAddress STRANGER = new InetSocketAddress(address("192.0.2.1"), 4_711);

	private final TrustedProxies proxies = new TrustedProxies(List.of("10.0.0.0/8"));

	@Override
	protected List<byte[]> corpus() {
		return bytes("192.0.2.7", "192.0.2.7, 10.0.0.2", "192.0.2.7:80, [2001:db8::1]:443, 10.0.0.2:1",
				"unknown, 10.1.1.1", "10.0.0.3,10.0.0.2", ",,", "fd00::1", "[fd00::1]", "[", "::ffff:192.0.2.7",
				"10.0.0.2:", ":80", "192.0.2.7\n10.0.0.2");
	}

	@Override
	protected List<String> words() {
		return List.of("192.0.2.7", "10.0.0.2", ", ", ",", "[", "]", ":80", "::1", ":", "unknown", "example.com",
				"%lo");
	}

	@Override
	protected Object check(byte[] input) {
		String text = text(input).replaceAll("[\\x00-\\x09\\x0B-\\x1F\\x7F]", "");
		assertThat(client(STRANGER, text)).isSameAs(STRANGER);
		InetSocketAddress client = client(PROXY, text);
		assertThat(client.isUnresolved()).isFalse();
		if (!this.proxies.contains(client)) {
			assertThat(client(PROXY, "203.0.113.9, " + text)).isEqualTo(client);
			assertThat(client(PROXY, "203.0.113.9\n" + text)).isEqualTo(client);
			assertThat(client(PROXY, text + ", 10.9.9.9")).isEqualTo(client);
		}
		return client.getAddress();
	}

	private InetSocketAddress client(InetSocketAddress peer, String lines) {
		HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
		Arrays.stream(lines.split("\n", -1)).forEach((line) -> request.headers().add("X-Forwarded-For", line.strip()));
		return this.proxies.client(peer, request);
	}

	private static InetAddress address(String text) {
		return NetUtil.createInetAddressFromIpAddressString(text);
	}

}
