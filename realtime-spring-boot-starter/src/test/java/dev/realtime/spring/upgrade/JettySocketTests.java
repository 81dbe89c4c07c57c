package dev.realtime.spring.upgrade;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.spring.stomp.InboundExecutor;
import dev.realtime.spring.websocket.HeaderLines;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.server.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;

/** A client that sends faster than its frames are handled. */
class JettySocketTests {

	private static final int FRAMES = 20_000;

	/** So that reading stops and goes on with every second frame. */
	private static final int PENDING = 2;

	private final ExecutorService jetty = Executors.newFixedThreadPool(3);

	private final ExecutorService inbound = Executors.newSingleThreadExecutor();

	private final Loop timer = new Loops().loop("timer");

	@AfterEach
	void stop() {
		this.jetty.shutdownNow();
		this.inbound.shutdownNow();
		this.timer.close();
	}

	@RepeatedTest(5)
	void eachFrameIsHandledOnceWhenRoomComesWhileTheSocketIsRead() {
		ConcurrentLinkedQueue<Integer> handled = new ConcurrentLinkedQueue<>();
		ByteArrayEndPoint endPoint = new ByteArrayEndPoint() {
			@Override
			protected void execute(Runnable task) {
				JettySocketTests.this.jetty.execute(task);
			}
		};
		JettySocket socket = new JettySocket(endPoint, this.jetty, mock(Response.class));
		InboundExecutor executor = this.inbound::execute;
		UpgradeContext context = new UpgradeContext(executor, this.timer, 1_000, PENDING, 1_000_000, 0, true, List.of(),
				true);
		InetSocketAddress address = InetSocketAddress.createUnresolved("localhost", 80);
		UpgradeRequest request = new UpgradeRequest("/realtime", HeaderLines.of((lines) -> {
		}), null, null, address, address);
		socket.begin(new UpgradedSession(socket, request, Map.of(), true, new AbstractWebSocketHandler() {
			private final StringBuilder text = new StringBuilder();

			@Override
			public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) {
				// A frame that is read in two parts comes as two.
				this.text.append((message instanceof BinaryMessage piece)
						? StandardCharsets.US_ASCII.decode(piece.getPayload()) : message.getPayload());
				if (message.isLast()) {
					handled.add(Integer.parseInt(this.text.toString()));
					this.text.setLength(0);
				}
			}
		}, context), context);

		endPoint.addInput(frames());
		this.jetty.execute(socket::succeeded);

		await().atMost(Duration.ofSeconds(20)).until(() -> handled.size() >= FRAMES);
		assertThat(handled).containsExactlyElementsOf(IntStream.range(0, FRAMES).boxed().toList());
	}

	/** Text frames, masked with zeros. */
	private static ByteBuffer frames() {
		ByteBuffer all = ByteBuffer.allocate(FRAMES * 12);
		for (int i = 0; i < FRAMES; i++) {
			byte[] text = Integer.toString(i).getBytes(StandardCharsets.US_ASCII);
			all.put((byte) 0x81).put((byte) (0x80 | text.length)).putInt(0).put(text);
		}
		return all.flip();
	}

}
