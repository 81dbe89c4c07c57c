package dev.realtime.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;

/**
 * Ports for servers that must be told theirs before they start. A server that can listen
 * on port 0 and say where it listens does not need this class.
 *
 * <p>
 * A reserved port belongs to this JVM until it ends, also while the server that uses it
 * is stopped. The reservation is a UDP socket with the same number, so the TCP port stays
 * free for its server, and other JVMs that reserve ports see that it is taken. Ephemeral
 * ports are avoided, because any outgoing connection of the machine may get one of those.
 */
public final class Ports {

	private static final int FIRST = 10_240;

	private static final int LAST = beforeEphemeral();

	private static final int ATTEMPTS = 5;

	private static final List<DatagramSocket> RESERVATIONS = new ArrayList<>();

	private Ports() {
	}

	/** Reserves a port on which nothing listens. No port is returned twice. */
	public static synchronized int reserve() {
		int count = LAST - FIRST + 1;
		int start = ThreadLocalRandom.current().nextInt(count);
		for (int i = 0; i < count; i++) {
			int port = FIRST + (start + i) % count;
			if (reserve(port)) {
				return port;
			}
		}
		throw new IllegalStateException("No port from " + FIRST + " to " + LAST + " is free");
	}

	/**
	 * Starts a server on a reserved port, and on another one when a program that knows
	 * nothing of reservations has taken it.
	 * @param start starts it; throws {@link TakenException} if the port is in use
	 */
	public static <T> T startOnOne(IntFunction<T> start) {
		for (int attempt = 1;; attempt++) {
			try {
				return start.apply(reserve());
			}
			catch (TakenException ex) {
				if (attempt == ATTEMPTS) {
					throw ex;
				}
			}
		}
	}

	/** Reserves this port, or returns false when it is reserved or in use. */
	static synchronized boolean reserve(int port) {
		DatagramSocket reservation;
		try {
			reservation = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		}
		catch (IOException ex) {
			return false;
		}
		try {
			// on all addresses, since the server may listen on any of them
			new ServerSocket(port).close();
		}
		catch (IOException ex) {
			reservation.close();
			return false;
		}
		RESERVATIONS.add(reservation);
		return true;
	}

	/** Whether what a server wrote says that its port is in use. */
	static boolean saysTaken(Path log) {
		try {
			String said = Files.exists(log) ? Files.readString(log).toLowerCase(Locale.ROOT) : "";
			return said.contains("address already in use") || said.contains("eaddrinuse");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static int beforeEphemeral() {
		Path range = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
		int first = 32_768;
		try {
			if (Files.exists(range)) {
				first = Math.min(first, Integer.parseInt(Files.readString(range).split("\\s+", 0)[0]));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		// a machine that makes nearly all ports ephemeral leaves no better choice
		return ((first > FIRST + 1_000) ? first : 32_768) - 1;
	}

	/** The server could not listen on its port. */
	static final class TakenException extends IllegalStateException {

		private static final long serialVersionUID = 1L;

		TakenException(String message) {
			super(message);
		}

	}

}
