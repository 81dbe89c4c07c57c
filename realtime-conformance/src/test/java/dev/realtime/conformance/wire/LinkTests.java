package dev.realtime.conformance.wire;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What cases see of a connection. */
class LinkTests {

	@Test
	void aFrameCountsAsDeliveredOnceItIsWritten() {
		StompFrame receipt = StompFrame.of("RECEIPT", Map.of("receipt-id", "1"));
		byte[] ofNode = new WebSocketFrame(true, WebSocketFrame.TEXT, receipt.bytes()).encode(false);
		List<Link> links = new ArrayList<>();
		List<Integer> deliveredAtWrite = new ArrayList<>();
		Socket client = new Socket() {
			@Override
			public OutputStream getOutputStream() {
				return new OutputStream() {
					@Override
					public void write(int next) {
						deliveredAtWrite.add(links.get(0).delivered().size());
					}

					@Override
					public void write(byte[] bytes, int from, int length) {
						write(0);
					}
				};
			}
		};
		try (Wire wire = new Wire(1)) {
			links.add(new Link(wire, "", client, new Socket()));
			links.get(0).passFromNode(new DataInputStream(new ByteArrayInputStream(ofNode)));
		}
		assertThat(deliveredAtWrite).containsExactly(0);
		assertThat(links.get(0).delivered()).extracting(StompFrame::command).containsExactly("RECEIPT");
	}

}
