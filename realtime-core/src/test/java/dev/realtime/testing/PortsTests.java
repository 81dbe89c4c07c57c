package dev.realtime.testing;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PortsTests {

	@Test
	void noPortIsReservedTwice() {
		List<Integer> ports = IntStream.range(0, 200).parallel().mapToObj((i) -> Ports.reserve()).toList();
		assertThat(ports).doesNotHaveDuplicates();
	}

	@Test
	void aReservedPortIsFreeForItsServerAgainAndAgain() throws IOException {
		int port = Ports.reserve();
		for (int i = 0; i < 3; i++) {
			try (ServerSocket server = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
				assertThat(server.getLocalPort()).isEqualTo(port);
			}
			assertThat(Ports.reserve(port)).as("reserved while its server is stopped").isFalse();
		}
	}

	@Test
	void aPortThatAnotherProcessHasReservedIsNotReserved() throws IOException {
		int port = portWithoutReservation();
		try (DatagramSocket other = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
			assertThat(Ports.reserve(other.getLocalPort())).isFalse();
		}
		assertThat(Ports.reserve(port)).isTrue();
	}

	@Test
	void aPortOnWhichSomethingListensIsNotReserved() throws IOException {
		try (ServerSocket loopback = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
				ServerSocket everywhere = new ServerSocket(0)) {
			assertThat(Ports.reserve(loopback.getLocalPort())).isFalse();
			assertThat(Ports.reserve(everywhere.getLocalPort())).isFalse();
		}
	}

	@Test
	void aServerWhosePortWasTakenMeanwhileIsStartedOnAnotherOne() throws IOException {
		List<Integer> ports = new ArrayList<>();
		List<ServerSocket> intruders = new ArrayList<>();
		try (RedisServer redis = Ports.startOnOne((port) -> {
			ports.add(port);
			if (ports.size() < 3) {
				intruders.add(listen(port));
			}
			return RedisServer.startProcess(port);
		})) {
			assertThat(ports).hasSize(3).last().isEqualTo(redis.port());
		}
		for (ServerSocket intruder : intruders) {
			intruder.close();
		}
	}

	@Test
	void anotherServersAnswerIsNotTakenForOnesOwn() {
		try (RedisServer redis = RedisServer.startProcess()) {
			assertThatThrownBy(() -> RedisServer.startProcess(redis.port())).isInstanceOf(Ports.TakenException.class)
				.hasMessageContaining("Address already in use");
		}
	}

	@Test
	void nothingElseAsksForAFreePortAndLetsItGo() throws IOException {
		Pattern lettingGo = Pattern.compile("ServerSocket\\(0[^{;]*\\{\\s*(return|\\w+ =) \\w+\\.getLocalPort\\(\\);"
				+ "|\\.listen\\(0[^;]*;\\s*\\w+\\.close\\(");
		try (Stream<Path> files = Files.walk(Path.of(".."))) {
			List<Path> found = new ArrayList<>();
			for (Path file : files.filter(PortsTests::isSource).toList()) {
				if (lettingGo.matcher(Files.readString(file)).find()) {
					found.add(file);
				}
			}
			assertThat(found).as("listen on port 0 and read the port back, or use Ports").isEmpty();
		}
	}

	private static boolean isSource(Path file) {
		String path = file.toString();
		return path.matches(".*\\.(java|ts|mjs|js)") && !path.matches(".*/(node_modules|target|dist)/.*");
	}

	private static int portWithoutReservation() throws IOException {
		try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	private static ServerSocket listen(int port) {
		try {
			return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new java.io.UncheckedIOException(ex);
		}
	}

}
