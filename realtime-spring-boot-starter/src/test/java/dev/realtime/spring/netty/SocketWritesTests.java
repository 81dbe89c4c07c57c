package dev.realtime.spring.netty;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.realtime.delivery.Batch;
import dev.realtime.delivery.BatchOf;
import dev.realtime.spring.NettyProperties;
import dev.realtime.spring.NettyProperties.NettyTransportKind;
import dev.realtime.testing.Await;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.epoll.Epoll;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.util.unit.DataSize;
import org.springframework.web.socket.PingMessage;

import static org.assertj.core.api.Assertions.assertThat;

/** What is written past the pipeline, over Java's sockets and Netty's own. */
@SuppressWarnings("FutureReturnValueIgnored")
class SocketWritesTests {

	private static final int SIZE = 60_000;

	private @Nullable NettyLoops loops;

	private final Socket client = new Socket();

	private volatile CompletableFuture<Channel> accepted = new CompletableFuture<>();

	private @Nullable SocketAddress address;

	@AfterEach
	void close() throws IOException {
		this.client.close();
		if (this.loops != null) {
			this.loops.close();
		}
	}

	@ParameterizedTest
	@EnumSource(value = NettyTransportKind.class, names = { "EPOLL", "NIO" })
	void whatTheSocketDoesNotTakeFollowsInOrderWithTheControlFrames(NettyTransportKind kind) throws Exception {
		NettyTransport transport = connect(kind);
		assertThat(SocketWrites.of(Await.result(this.accepted))).isNotNull();
		ByteArrayOutputStream expected = new ByteArrayOutputStream();
		CompletableFuture<Optional<Throwable>> last = CompletableFuture.completedFuture(Optional.empty());
		int count = 0;
		while (isDone(last)) {
			assertThat(last.join()).isEmpty();
			last = write(transport, count, expected);
			byte[] number = { (byte) count++ };
			transport.send(new PingMessage(), java.nio.ByteBuffer.wrap(number));
			expected.write(new byte[] { (byte) 0x89, 1, number[0] });
			assertThat(count).isLessThan(1_000);
		}

		byte[] received = this.client.getInputStream().readNBytes(expected.size());

		assertThat(received).isEqualTo(expected.toByteArray());
		assertThat(Await.result(last)).isEmpty();
		assertThat(Await.result(write(transport, count, expected))).isEmpty();
		assertThat(this.client.getInputStream().readNBytes(SIZE)).hasSize(SIZE);
	}

	@ParameterizedTest
	@EnumSource(value = NettyTransportKind.class, names = { "EPOLL", "NIO" })
	void aWriteToAConnectionThatWasResetFails(NettyTransportKind kind) throws Exception {
		NettyTransport transport = connect(kind);
		this.client.setSoLinger(true, 0);
		this.client.close();

		Await.until(() -> assertThat(Await.result(write(transport, 0, new ByteArrayOutputStream()))).isPresent());
	}

	/** The system gives the number of a closed socket to the next one. */
	@ParameterizedTest
	@EnumSource(value = NettyTransportKind.class, names = { "EPOLL", "NIO" })
	void aWriteAfterTheEndFailsAndReachesNoOtherConnection(NettyTransportKind kind) throws Exception {
		NettyTransport transport = connect(kind);
		Channel ended = Await.result(this.accepted);
		ended.close().syncUninterruptibly();
		this.accepted = new CompletableFuture<>();
		try (Socket other = new Socket()) {
			other.connect(this.address);
			Channel next = Await.result(this.accepted);

			assertThat(Await.result(write(transport, ended, 7, new ByteArrayOutputStream()))).isPresent();

			next.close().syncUninterruptibly();
			assertThat(other.getInputStream().readAllBytes()).isEmpty();
		}
	}

	/** Whether the socket takes what was written within a moment. */
	private static boolean isDone(CompletableFuture<?> write) throws Exception {
		try {
			write.get(200, TimeUnit.MILLISECONDS);
			return true;
		}
		catch (TimeoutException ex) {
			return false;
		}
	}

	private CompletableFuture<Optional<Throwable>> write(NettyTransport transport, int number,
			ByteArrayOutputStream expected) throws IOException {
		return write(transport, Await.result(this.accepted), number, expected);
	}

	private static CompletableFuture<Optional<Throwable>> write(NettyTransport transport, Channel channel, int number,
			ByteArrayOutputStream expected) throws IOException {
		Batch batch = BatchOf.frames(ClientFrame.utf8(Integer.toString(number % 10).repeat(SIZE)));
		expected.write(ByteBufUtil.getBytes(new BatchBytes(batch, channel.alloc()).bytes(false)));
		CompletableFuture<Optional<Throwable>> done = new CompletableFuture<>();
		channel.eventLoop()
			.execute(() -> transport.write(batch,
					(failure) -> assertThat(done.complete(Optional.ofNullable(failure))).as("told once").isTrue()));
		return done;
	}

	private NettyTransport connect(NettyTransportKind kind) throws IOException {
		Assumptions.assumeTrue(kind != NettyTransportKind.EPOLL || Epoll.isAvailable(), "Linux only");
		NettyLoops started = new NettyLoops(new NettyProperties(0, null, 1, kind, 10, 10, Duration.ofSeconds(10),
				DataSize.ofKilobytes(8), Duration.ZERO, null, List.of(), false, false));
		this.loops = started;
		Channel server = new ServerBootstrap().group(started.group())
			.channelFactory(started.servers())
			.childHandler(new ChannelInitializer<>() {
				@Override
				protected void initChannel(Channel channel) {
					SocketWritesTests.this.accepted.complete(channel);
				}
			})
			.bind(InetAddress.getLoopbackAddress(), 0)
			.syncUninterruptibly()
			.channel();
		this.address = server.localAddress();
		this.client.connect(this.address);
		return new NettyTransport(Await.result(this.accepted), 0, false);
	}

}
