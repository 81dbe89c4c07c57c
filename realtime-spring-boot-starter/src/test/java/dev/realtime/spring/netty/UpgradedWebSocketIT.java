package dev.realtime.spring.netty;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** On the port of Tomcat, or of Jetty, whose sockets are taken over. */
class UpgradedWebSocketIT extends WebSocketContract {

	UpgradedWebSocketIT() throws IOException {
		super(Quiet.NODE, Quiet.NODE.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
	}

	@Test
	void framesThatComeTogetherWithTheHandshakeAreNotLost() throws IOException {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		all.writeBytes(ClientFrame.utf8(RawClient.handshake()));
		all.writeBytes(ClientFrame.text("CONNECT\naccept-version:1.2\nhost:localhost\n\n\0"));
		all.writeBytes(ClientFrame.text("SUBSCRIBE\nid:e\ndestination:/topic/early\nreceipt:live\n\n\0"));
		try (RawClient client = RawClient.dial(this.port)) {
			assertThat(client.send(all.toByteArray()).readHead()).startsWith("HTTP/1.1 101 ");
			client.awaitText("receipt-id:live\n");
		}
	}

}
