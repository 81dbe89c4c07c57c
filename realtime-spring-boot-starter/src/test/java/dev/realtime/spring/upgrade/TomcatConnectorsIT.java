package dev.realtime.spring.upgrade;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.realtime.spring.testing.AutoConfigurationWithoutSecurity;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.BeanWrapperImpl;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;

/** Sockets that were taken over, on the ways in which Tomcat can be set up. */
@Timeout(60)
class TomcatConnectorsIT {

	private static final int BUFFER = 8_192;

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void anIdleConnectionHoldsNoBufferAndTheNextOneOfItsChannelIsWhole(boolean orderly) throws Exception {
		try (UpgradeNode node = new UpgradeNode(Application.class, "test.protocol=" + Visible.class.getName())) {
			Visible connector = Visible.MADE.get(Visible.MADE.size() - 1);
			UpgradeNode.Client client = node.subscribed("slim");
			Awaitility.await().untilAsserted(() -> assertThat(connector.buffers()).containsExactly(0));
			node.deliver("slim", client);
			node.send(client);
			assertThat(connector.buffers()).containsExactly(0);
			if (orderly) {
				client.socket().sendClose(WebSocket.NORMAL_CLOSURE, "").join();
			}
			else {
				client.socket().abort();
			}
			Awaitility.await().until(() -> connector.buffers().isEmpty());
			List<Socket> next = new ArrayList<>();
			Awaitility.await().untilAsserted(() -> {
				next.add(asked(node.port()));
				assertThat(connector.channels()).hasAtLeastOneElementOfType(SlimChannel.class);
			});
			assertThat(connector.buffers()).containsOnly(2 * BUFFER);
			for (Socket socket : next) {
				socket.close();
			}
			UpgradeNode.Client again = node.subscribed("slim");
			node.deliver("slim", again);
			Awaitility.await().untilAsserted(() -> assertThat(connector.buffers()).contains(0));
		}
	}

	/**
	 * A connection that is kept alive after a request whose head needs most of a buffer.
	 */
	private static Socket asked(int port) throws IOException {
		Socket socket = new Socket("localhost", port);
		socket.setSoTimeout(10_000);
		socket.getOutputStream()
			.write(("GET /realtime/none HTTP/1.1\r\nHost: localhost\r\nX-Long: " + "z".repeat(6_000) + "\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII));
		assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
			.isEqualTo("HTTP/1.1 404");
		return socket;
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.threads.virtual.enabled=true",
			"test.protocol=org.apache.coyote.http11.Http11Nio2Protocol", "server.http2.enabled=true" })
	void aConnectionReadsAndWrites(String property) {
		try (UpgradeNode node = new UpgradeNode(Application.class, property)) {
			UpgradeNode.Client client = node.subscribed("any");
			node.deliver("any", client);
			node.send(client);
			node.deliver("any", client);
			client.socket().sendClose(WebSocket.NORMAL_CLOSURE, "").join();
			Awaitility.await().until(client.socket()::isInputClosed);
		}
	}

	/** Tomcat does not announce RFC 8441, and resets a stream that asks for it. */
	@Test
	void aWebSocketOverHttp2IsRefusedAndTheConnectionGoesOn() throws Exception {
		try (UpgradeNode node = new UpgradeNode(Application.class, "server.http2.enabled=true");
				Socket socket = new Socket("localhost", node.port())) {
			socket.setSoTimeout(10_000);
			OutputStream out = socket.getOutputStream();
			out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			out.write(frame(4, 0, 0, new byte[0]));
			out.write(frame(1, 5, 1, headers(":method", "CONNECT", ":protocol", "websocket", ":scheme", "http", ":path",
					"/realtime", ":authority", "localhost", "sec-websocket-version", "13")));
			List<String> seen = new ArrayList<>();
			DataInputStream in = new DataInputStream(socket.getInputStream());
			while (seen.stream().noneMatch((line) -> line.endsWith(" of 1"))) {
				seen.add(read(in));
			}
			assertThat(seen).doesNotContain("settings with 8").contains("reset 1 of 1");
			HttpResponse<String> other = HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(URI.create("http://localhost:" + node.port() + "/realtime/none")).build(),
						HttpResponse.BodyHandlers.ofString());
			assertThat(other.statusCode()).isEqualTo(404);
		}
	}

	private static byte[] frame(int type, int flags, int stream, byte[] payload) {
		byte[] bytes = new byte[9 + payload.length];
		bytes[1] = (byte) (payload.length >> 8);
		bytes[2] = (byte) payload.length;
		bytes[3] = (byte) type;
		bytes[4] = (byte) flags;
		bytes[8] = (byte) stream;
		System.arraycopy(payload, 0, bytes, 9, payload.length);
		return bytes;
	}

	/** Literals, as in RFC 7541 section 6.2.2. */
	private static byte[] headers(String... namesAndValues) {
		StringBuilder block = new StringBuilder();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			block.append('\0');
			for (String text : List.of(namesAndValues[i], namesAndValues[i + 1])) {
				block.append((char) text.length()).append(text);
			}
		}
		return block.toString().getBytes(StandardCharsets.ISO_8859_1);
	}

	private static String read(DataInputStream in) throws IOException {
		int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
		int type = in.readUnsignedByte();
		in.readUnsignedByte();
		int stream = in.readInt();
		byte[] payload = in.readNBytes(length);
		return switch (type) {
			case 3 -> "reset " + payload[3] + " of " + stream;
			case 4 -> {
				for (int i = 0; i < length; i += 6) {
					if (payload[i + 1] == 8) {
						yield "settings with 8";
					}
				}
				yield "settings";
			}
			default -> "frame " + type + " of " + stream;
		};
	}

	/** A connector whose connections can be seen. Tomcat makes it by its name. */
	public static final class Visible extends Http11NioProtocol {

		static final List<Visible> MADE = new CopyOnWriteArrayList<>();

		@SuppressWarnings("this-escape")
		public Visible() {
			MADE.add(this);
		}

		List<Integer> buffers() {
			return channels().stream()
				.map(NioChannel::getBufHandler)
				.map((buffers) -> buffers.getReadBuffer().capacity() + buffers.getWriteBuffer().capacity())
				.toList();
		}

		List<NioChannel> channels() {
			Set<SocketWrapperBase<NioChannel>> all = getEndpoint().getConnections();
			return all.stream().map(SocketWrapperBase::getSocket).toList();
		}

	}

	/** Whichever generation of Boot makes the server. */
	@SpringBootConfiguration
	@AutoConfigurationWithoutSecurity
	static class Application {

		@Bean
		static BeanPostProcessor protocol(Environment environment) {
			return new BeanPostProcessor() {
				@Override
				public Object postProcessBeforeInitialization(Object bean, String name) {
					if (name.equals("tomcatServletWebServerFactory")) {
						new BeanWrapperImpl(bean).setPropertyValue("protocol",
								environment.getProperty("test.protocol", Http11NioProtocol.class.getName()));
					}
					return bean;
				}
			};
		}

	}

}
