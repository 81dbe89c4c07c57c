package dev.realtime.spring.netty;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

import dev.realtime.spring.netty.ListenerStats.Refused;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Whose address a session has. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BehindProxyIT {

	private final EdgeNode trusting = new EdgeNode("realtime.netty.trusted-proxies=127.0.0.0/8,10.0.0.0/8,fd00::/8");

	private final EdgeNode distrusting = new EdgeNode("realtime.netty.trusted-proxies=10.0.0.0/8");

	private final EdgeNode proxied = new EdgeNode("realtime.netty.trusted-proxies=127.0.0.1,10.0.0.0/8",
			"realtime.netty.proxy-protocol=true", "realtime.netty.handshake-timeout=1s");

	@AfterAll
	void stop() {
		this.trusting.close();
		this.distrusting.close();
		this.proxied.close();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			203.0.113.9                         | 203.0.113.9 0
			203.0.113.9:4711                    | 203.0.113.9 4711
			198.51.100.1, 203.0.113.9           | 203.0.113.9 0
			198.51.100.1, 203.0.113.9, 10.1.2.3 | 203.0.113.9 0
			[2001:db8::7]:443, fd00::1          | 2001:db8:0:0:0:0:0:7 443
			2001:db8::7                         | 2001:db8:0:0:0:0:0:7 0
			unknown, 10.1.2.3                   | 10.1.2.3 0
			""")
	void aTrustedProxySaysWhoTheClientIs(String header, String address) throws IOException {
		this.trusting.addresses().clear();
		try (EdgeSocket client = EdgeSocket.connect(this.trusting.port(), "X-Forwarded-For: " + header + "\r\n")) {
			client.subscribe("/topic/any");
			await().untilAsserted(() -> assertThat(this.trusting.addresses()).containsExactly(address));
		}
	}

	@Test
	void aProxyThatIsNotTrustedSaysNothing() throws IOException {
		try (EdgeSocket client = EdgeSocket.connect(this.distrusting.port(), "X-Forwarded-For: 203.0.113.9\r\n")) {
			client.subscribe("/topic/any");
			await().until(() -> !this.distrusting.addresses().isEmpty());
			assertThat(this.distrusting.addresses().get(0)).startsWith("127.0.0.1 ");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			PROXY TCP4 203.0.113.9 127.0.0.1 4711 80 | 203.0.113.9 4711
			PROXY TCP6 2001:db8::7 ::1 4711 80       | 2001:db8:0:0:0:0:0:7 4711
			PROXY TCP4 10.1.2.3 127.0.0.1 4711 80    | 198.51.100.1 0
			""")
	void thePlainProxyHeaderNamesTheClient(String header, String address) throws IOException {
		this.proxied.addresses().clear();
		try (EdgeSocket client = EdgeSocket.open(this.proxied.port())) {
			client.write(EdgeSocket.ascii(header + "\r\n"));
			client.write(EdgeSocket.handshake("X-Forwarded-For: 198.51.100.1\r\n"));
			assertThat(client.readAnswer()).startsWith("HTTP/1.1 101 ");
			await().untilAsserted(() -> assertThat(this.proxied.addresses()).containsExactly(address));
		}
	}

	@Test
	void theBinaryProxyHeaderNamesTheClient() throws IOException {
		this.proxied.addresses().clear();
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		all.writeBytes(EdgeSocket.ascii("\r\n\r\n\0\r\nQUIT\n"));
		all.writeBytes(new byte[] { 0x21, 0x11, 0, 12, (byte) 203, 0, 113, 9, 127, 0, 0, 1, 0x12, 0x67, 0, 80 });
		all.writeBytes(EdgeSocket.handshake(""));
		try (EdgeSocket client = EdgeSocket.open(this.proxied.port())) {
			client.write(all.toByteArray());
			assertThat(client.readAnswer()).startsWith("HTTP/1.1 101 ");
			await().untilAsserted(() -> assertThat(this.proxied.addresses()).containsExactly("203.0.113.9 4711"));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "PROXY TCP4 nobody 127.0.0.1 4711 80\r\n", "PROXY FTP\r\n" })
	void withoutAWellFormedHeaderTheConnectionIsClosed(String header) throws IOException {
		long before = this.proxied.bean(ListenerStats.class).refusals(Refused.BROKEN);
		try (EdgeSocket client = EdgeSocket.open(this.proxied.port())) {
			client.write(EdgeSocket.ascii(header + "GET /realtime HTTP/1.1\r\n\r\n"));
			assertThat(client.isEndedInSilence()).isTrue();
		}
		// Netty's decoder closes first and says why afterwards.
		await().untilAsserted(() -> assertThat(this.proxied.bean(ListenerStats.class).refusals(Refused.BROKEN))
			.isEqualTo(before + 1));
	}

	@Test
	void aHeaderThatNeverComesIsNotWaitedForLongerThanAHandshake() throws IOException {
		try (EdgeSocket client = EdgeSocket.open(this.proxied.port())) {
			client.write(EdgeSocket.ascii("PROXY TCP4"));
			assertThat(client.isEndedInSilence()).isTrue();
		}
		assertThat(this.proxied.bean(ListenerStats.class).refusals(Refused.TIMEOUT)).isPositive();
	}

	@Test
	void whoIsNoTrustedProxyMayNotConnectWhereProxiesDo() throws IOException {
		try (EdgeNode node = new EdgeNode("realtime.netty.trusted-proxies=10.0.0.0/8",
				"realtime.netty.proxy-protocol=true"); EdgeSocket client = EdgeSocket.open(node.port())) {
			assertThat(client.isEndedInSilence()).isTrue();
			assertThat(node.bean(ListenerStats.class).refusals(Refused.PROXY)).isEqualTo(1);
		}
	}

}
