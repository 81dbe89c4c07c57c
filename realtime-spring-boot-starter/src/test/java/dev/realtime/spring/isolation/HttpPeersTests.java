package dev.realtime.spring.isolation;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import dev.realtime.isolation.PeerView;
import dev.realtime.loop.Loops;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What a node makes of the answers of others, good and bad ones. */
class HttpPeersTests {

	private static final String REACHED = "{\"node\":\"%s\",\"relay\":\"reached\"}";

	private static final String AWAY = "{\"node\":\"%s\",\"relay\":\"away\"}";

	private final List<Peer> servers = new ArrayList<>();

	private final Loops loops = new Loops();

	@AfterEach
	void stop() {
		this.servers.forEach(Peer::close);
	}

	@Test
	void nodesThatReachTheRelayAreCountedAndThisOneIsNot() throws Exception {
		assertThat(look(answer(REACHED.formatted("me")), answer(REACHED.formatted("a")), answer(AWAY.formatted("b"))))
			.isEqualTo(new PeerView(1, 2));
	}

	@Test
	void aNodeAtSeveralAddressesCountsOnce() throws Exception {
		assertThat(look(answer(REACHED.formatted("a")), answer(REACHED.formatted("a")))).isEqualTo(new PeerView(1, 1));
		assertThat(look(answer(REACHED.formatted("a")), answer(AWAY.formatted("a")))).isEqualTo(new PeerView(0, 1));
	}

	@Test
	void anAnswerInChunksIsRead() throws Exception {
		String json = REACHED.formatted("a");
		String half = Integer.toHexString(10) + "\r\n" + json.substring(0, 10) + "\r\n"
				+ Integer.toHexString(json.length() - 10) + "\r\n" + json.substring(10) + "\r\n0\r\n\r\n";
		assertThat(look(raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + half)))
			.isEqualTo(new PeerView(1, 1));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "nonsense", "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n{}",
			"HTTP/1.1 200 OK\r\n\r\n{\"node\":\"a\",\"relay\":true}", "HTTP/1.1 200 OK\r\n\r\n[]",
			"HTTP/1.1 503 No\r\n\r\n{\"node\":\"a\",\"relay\":\"reached\"}",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffff\r\n{",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n{", "HTTP/1.1 2000\r\n\r\n{}" })
	void whatIsNoAnswerIsANodeThatDoesNotReachTheRelay(String answer) throws Exception {
		assertThat(look(raw(answer))).isEqualTo(new PeerView(0, 1));
		assertThat(look(raw(answer), answer(REACHED.formatted("a")))).isEqualTo(new PeerView(1, 2));
	}

	@Test
	void redirectsAreNotFollowed() throws Exception {
		Peer good = answer(REACHED.formatted("a"));
		assertThat(look(raw("HTTP/1.1 302 Found\r\nLocation: " + good.uri() + "\r\n\r\n")))
			.isEqualTo(new PeerView(0, 1));
		assertThat(good.asked.get()).isZero();
	}

	@Test
	void nothingListens() throws Exception {
		Peer closed = answer("");
		closed.close();
		HttpPeers peers = new HttpPeers("me", List.of(closed.uri()), this.loops);
		assertThat(peers.look()).isEqualTo(new PeerView(0, 1));
		assertThat(peers.problem()).contains(closed.uri().toString());
		peers.close();
	}

	@Test
	void aNameThatIsNotKnownHasNoNodes() throws Exception {
		HttpPeers peers = new HttpPeers("me", List.of(URI.create("http://node.invalid:1/x")), this.loops);
		assertThat(peers.look()).isEqualTo(PeerView.NONE);
		assertThat(peers.problem()).contains("node.invalid");
		peers.close();
	}

	@Test
	void rule8_anAnswerWithoutAnEndIsCutOff() throws Exception {
		Peer flood = new Peer((out) -> {
			out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			while (true) {
				out.write(new byte[8_192]);
			}
		});
		Peer drip = new Peer((out) -> {
			while (true) {
				out.write('H');
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
			}
		});
		Peer silent = new Peer((out) -> LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(20)));
		long start = System.nanoTime();
		assertThat(look(flood, drip, silent, answer(REACHED.formatted("a")))).isEqualTo(new PeerView(1, 4));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
	}

	@Test
	void rule8_nodesThatAreSilentHoldUpNoThread() throws Exception {
		Peer drip = new Peer((out) -> {
			while (true) {
				out.write('H');
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
			}
		});
		HttpPeers peers = new HttpPeers("me",
				Stream.generate(drip::uri).limit(40).map((uri) -> URI.create(uri + "?" + System.nanoTime())).toList(),
				this.loops);
		assertThat(peers.look()).isEqualTo(new PeerView(0, HttpPeers.MOST));
		assertThat(peers.look()).isEqualTo(new PeerView(0, HttpPeers.MOST));
		assertThat(this.loops.stalled()).isEmpty();
		peers.close();
	}

	private PeerView look(Peer... asked) throws InterruptedException {
		HttpPeers peers = new HttpPeers("me", Stream.of(asked).map(Peer::uri).toList(), this.loops);
		try {
			return peers.look();
		}
		finally {
			peers.close();
		}
	}

	private Peer answer(String body) {
		return raw("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
	}

	private Peer raw(String answer) {
		return new Peer((out) -> out.write(answer.getBytes(StandardCharsets.US_ASCII)));
	}

	private interface Answer {

		void write(OutputStream out) throws IOException;

	}

	/** Answers each connection in its way, then closes it. */
	private final class Peer implements AutoCloseable {

		private final ServerSocket door;

		private final AtomicInteger asked = new AtomicInteger();

		Peer(Answer answer) {
			try {
				this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			HttpPeersTests.this.servers.add(this);
			daemon(() -> {
				while (!this.door.isClosed()) {
					serve(this.door.accept(), answer);
				}
			});
		}

		URI uri() {
			return URI.create("http://127.0.0.1:" + this.door.getLocalPort() + "/actuator/realtimenode");
		}

		private void serve(Socket client, Answer answer) {
			this.asked.incrementAndGet();
			daemon(() -> {
				try (client) {
					byte[] request = new byte[4_096];
					int read = client.getInputStream().read(request);
					assertThat(new String(request, 0, Math.max(0, read), StandardCharsets.US_ASCII))
						.startsWith("GET /actuator/realtimenode HTTP/1.1\r\nHost: 127.0.0.1:");
					answer.write(client.getOutputStream());
				}
			});
		}

		@Override
		public void close() {
			try {
				this.door.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

	private interface Work {

		void run() throws IOException;

	}

	private static void daemon(Work work) {
		Thread thread = new Thread(() -> {
			try {
				work.run();
			}
			catch (IOException ex) {
				// the other side has gone
			}
		}, "peer");
		thread.setDaemon(true);
		thread.start();
	}

}
