package dev.realtime.spring.journey;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Connections of one address or user on the Netty listener. */
class ConnectionLimitsOnNettyIT extends ConnectionLimitsContract {

	ConnectionLimitsOnNettyIT() {
		super(StreamNode.startAlone(properties(ChatNode.ON_NETTY)));
	}

	/** Without a proxy, connections that have said nothing yet count too. */
	@Test
	void rule8_whoConnectsDirectlyCountsFromTheMomentTheConnectionIsOpen() throws IOException {
		try (ConfigurableApplicationContext direct = StreamNode.startAlone(ChatNode.ON_NETTY,
				"realtime.limits.connections-per-address=3", "realtime.limits.exempt-addresses=192.0.2.1",
				"realtime.netty.handshake-timeout=1m")) {
			int port = ChatNode.port(direct);
			List<Socket> open = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				open.add(new Socket(InetAddress.getLoopbackAddress(), port));
			}
			await().untilAsserted(() -> assertThat(Polls.poll(port, "topic=a").statusCode()).isEqualTo(429));
			// Those that are to be told so are not many, either.
			for (int i = 0; i < 33; i++) {
				open.add(new Socket(InetAddress.getLoopbackAddress(), port));
			}
			await().until(() -> open.stream().anyMatch(ConnectionLimitsOnNettyIT::isClosed));
			for (Socket socket : open) {
				socket.close();
			}
			await().untilAsserted(
					() -> assertThat(Polls.send(port, "destination=/app/say", "hi").statusCode()).isEqualTo(204));
		}
	}

	private static boolean isClosed(Socket socket) {
		try {
			socket.setSoTimeout(1);
			return socket.getInputStream().read() < 0;
		}
		catch (SocketTimeoutException ex) {
			return false;
		}
		catch (IOException ex) {
			return true;
		}
	}

}
