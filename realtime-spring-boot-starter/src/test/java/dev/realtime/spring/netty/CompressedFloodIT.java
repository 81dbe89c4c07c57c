package dev.realtime.spring.netty;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Clients whose small frames become large ones. */
class CompressedFloodIT {

	private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";

	private static final int FRAMES = 500;

	/** Each frame has 60 KB when it is inflated, so all of a client's have 30 MB. */
	private static final String LARGE = "x".repeat(60_000);

	/** For the bytes that one client may have waiting, and for noise. */
	private static final long MAX_HELD = 8 << 20;

	/** One event loop, so that who is answered knows that the others' frames are read. */
	private final EdgeNode node = new EdgeNode("realtime.netty.compression=true", "realtime.netty.threads=1",
			"realtime.limits.connect-timeout=60s");

	private final EdgeNode.Held held = this.node.bean(EdgeNode.Held.class);

	@AfterEach
	void stop() {
		this.held.gate.countDown();
		this.node.close();
	}

	@Test
	void rule8_framesBehindASlowHandlerStayCompressedAndNoneIsLost() throws IOException {
		try (EdgeSocket neighbour = connect(""); EdgeSocket one = connect(OFFER); EdgeSocket other = connect(OFFER)) {
			one.subscribe("/topic/a");
			other.subscribe("/topic/a");
			long before = usedHeap();

			one.write(frames("one"));
			other.write(frames("other"));
			await().until(() -> this.held.begun.get() == 2);
			awaitReads(neighbour);

			assertThat(usedHeap() - before).isLessThan(MAX_HELD);
			this.held.gate.countDown();
			await().until(() -> this.held.words.size() == 2 * FRAMES);
			for (String name : List.of("one", "other")) {
				assertThat(this.held.words.stream().filter((word) -> word.startsWith(name + '.')))
					.isEqualTo(IntStream.range(0, FRAMES).mapToObj((i) -> name + '.' + i).toList());
			}
			one.send("SUBSCRIBE\nid:later\ndestination:/topic/b\nreceipt:later\n\n\0");
			one.readUntil("receipt-id:later");
		}
	}

	@Test
	void rule8_framesBeforeConnectStayCompressedWhileTheThreadsAreBusy() throws IOException {
		List<EdgeSocket> busy = new ArrayList<>();
		int threads = 2 * Runtime.getRuntime().availableProcessors();
		try (EdgeSocket neighbour = connect(""); EdgeSocket stranger = connect(OFFER)) {
			for (int i = 0; i < threads; i++) {
				busy.add(connect(""));
				busy.get(i).subscribe("/topic/a");
			}
			for (EdgeSocket each : busy) {
				each.send(new String(send("busy "), StandardCharsets.UTF_8));
			}
			await().until(() -> this.held.begun.get() == threads);
			long before = usedHeap();

			stranger.write(frames("stranger"));
			awaitReads(neighbour);

			assertThat(usedHeap() - before).isLessThan(MAX_HELD);
			this.held.gate.countDown();
			assertThat(stranger.readCloseCode()).isIn(1002, 1008, 1009);
			assertThat(this.held.words).noneMatch((word) -> word.startsWith("stranger"));
		}
		finally {
			for (EdgeSocket each : busy) {
				each.close();
			}
		}
	}

	/** The event loop has been at its sockets several times when this returns. */
	private static void awaitReads(EdgeSocket neighbour) throws IOException {
		for (int i = 0; i < 20; i++) {
			neighbour.send(0x89, new byte[] { 'p' });
			neighbour.readUntil("p");
		}
	}

	private static long usedHeap() {
		System.gc();
		System.gc();
		Runtime runtime = Runtime.getRuntime();
		return runtime.totalMemory() - runtime.freeMemory();
	}

	private EdgeSocket connect(String headers) throws IOException {
		return EdgeSocket.connect(this.node.port(), headers);
	}

	/** All frames of a client: 60 KB. */
	private static byte[] frames(String name) {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		for (int i = 0; i < FRAMES; i++) {
			all.writeBytes(EdgeSocket.frame(EdgeSocket.FINAL | EdgeSocket.COMPRESSED | EdgeSocket.TEXT,
					WireFrame.deflate(send(name + '.' + i + ' ' + LARGE))));
		}
		return all.toByteArray();
	}

	private static byte[] send(String text) {
		return ("SEND\ndestination:/app/hold\n\n" + text + '\0').getBytes(StandardCharsets.UTF_8);
	}

}
