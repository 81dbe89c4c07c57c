package dev.realtime.sample.chat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.realtime.testing.Ports;
import org.awaitility.Awaitility;

/** The Redis that nodes bring along, on a port of its own for each test. */
final class SampleRedis implements AutoCloseable {

	private final int port = Ports.reserve();

	int port() {
		return this.port;
	}

	/** What makes a node use it. */
	String argument() {
		return "--chat.embedded-redis.port=" + this.port;
	}

	boolean isRunning() {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

	void awaitEnd() {
		Awaitility.await("end of Redis").atMost(Duration.ofSeconds(10)).until(() -> !isRunning());
	}

	/** Ends what a failed test has left behind. */
	@Override
	public void close() {
		if (isRunning()) {
			try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
				socket.getOutputStream().write("SHUTDOWN NOSAVE\r\n".getBytes(StandardCharsets.US_ASCII));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

}
