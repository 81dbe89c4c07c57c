package dev.realtime.spring.netty;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Clients whose small frames become large ones. */
abstract class CompressedFloodContract {

	private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";

	private static final int FRAMES = 500;

	/** Each frame has 60 KB when it is inflated, so those of a client have 30 MB. */
	private static final String LARGE = "x".repeat(60_000);

	private static final int CLIENTS = 3;

	/** Of the inbound channel, whichever executor it has. */
	private static final int THREADS = 2 * Runtime.getRuntime().availableProcessors();

	/**
	 * The clients may have 1 MB waiting; what else is used, such as Netty's chunks, is
	 * about 10 MB. All frames together would have 90 MB.
	 */
	private static final long MAX_HELD = 20_000_000;

	/** One event loop, so that who is answered knows that the others' frames are read. */
	private final EdgeNode node = new EdgeNode("realtime.netty.compression=true", "realtime.netty.threads=1",
			"realtime.servlet.compression=true", "realtime.limits.connect-timeout=60s",
			"spring.task.execution.pool.core-size=" + THREADS);

	private final EdgeNode.Held held = this.node.bean(EdgeNode.Held.class);

	/** Returns the port whose listener compresses. */
	abstract int port(EdgeNode node);

	@AfterEach
	void stop() {
		this.held.gate.countDown();
		this.node.close();
	}

	@Test
	void rule8_framesBehindASlowHandlerStayCompressedAndNoneIsLost() throws IOException {
		List<EdgeSocket> clients = connect(CLIENTS, OFFER);
		try (EdgeSocket neighbour = connect("")) {
			for (EdgeSocket each : clients) {
				each.subscribe("/topic/a");
			}
			long before = usedHeap();

			for (int i = 0; i < CLIENTS; i++) {
				clients.get(i).write(frames("client" + i));
			}
			await().until(() -> this.held.begun.get() >= 2);
			awaitReads(neighbour);

			assertThat(usedHeap() - before).isLessThan(MAX_HELD);
			this.held.gate.countDown();
			await().atMost(Duration.ofSeconds(30)).until(() -> this.held.words.size() == CLIENTS * FRAMES);
			for (int i = 0; i < CLIENTS; i++) {
				String name = "client" + i + '.';
				assertThat(this.held.words.stream().filter((word) -> word.startsWith(name)))
					.isEqualTo(IntStream.range(0, FRAMES).mapToObj((frame) -> name + frame).toList());
			}
			clients.get(0).send("SUBSCRIBE\nid:later\ndestination:/topic/b\nreceipt:later\n\n\0");
			clients.get(0).readUntil("receipt-id:later");
		}
		finally {
			close(clients);
		}
	}

	@Test
	void rule8_framesBeforeConnectStayCompressedWhileTheThreadsAreBusy() throws IOException {
		List<EdgeSocket> busy = connect(THREADS, "");
		List<EdgeSocket> strangers = connect(CLIENTS, OFFER);
		try (EdgeSocket neighbour = connect("")) {
			for (EdgeSocket each : busy) {
				each.subscribe("/topic/a");
			}
			for (EdgeSocket each : busy) {
				each.send(new String(send("busy "), StandardCharsets.UTF_8));
			}
			await().until(() -> this.held.begun.get() == THREADS);
			long before = usedHeap();

			for (EdgeSocket each : strangers) {
				each.write(frames("stranger"));
			}
			awaitReads(neighbour);

			assertThat(usedHeap() - before).isLessThan(MAX_HELD);
			this.held.gate.countDown();
			for (EdgeSocket each : strangers) {
				assertThat(each.readCloseCode()).isIn(1002, 1008, 1009);
			}
			assertThat(this.held.words).noneMatch((word) -> word.startsWith("stranger"));
		}
		finally {
			close(busy);
			close(strangers);
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

	private List<EdgeSocket> connect(int clients, String headers) throws IOException {
		List<EdgeSocket> connected = new ArrayList<>();
		for (int i = 0; i < clients; i++) {
			connected.add(connect(headers));
			makeReadsLarge(connected.get(i));
		}
		return connected;
	}

	/** A server that has read much from a client reads more at once. */
	private static void makeReadsLarge(EdgeSocket client) throws IOException {
		ByteArrayOutputStream pongs = new ByteArrayOutputStream();
		for (int i = 0; i < 500; i++) {
			pongs.writeBytes(EdgeSocket.frame(0x8A, new byte[125]));
		}
		for (int i = 0; i < 20; i++) {
			client.write(pongs.toByteArray());
		}
	}

	private static void close(List<EdgeSocket> clients) throws IOException {
		for (EdgeSocket each : clients) {
			each.close();
		}
	}

	private EdgeSocket connect(String headers) throws IOException {
		return EdgeSocket.connect(port(this.node), headers);
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
