package dev.realtime.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands between a client and a server, to break their connections in the ways that
 * networks do.
 */
public final class TcpProxy implements AutoCloseable {

	private final ServerSocket door;

	private final Set<Socket> open = ConcurrentHashMap.newKeySet();

	/** One for each connection and direction; nothing passes one that is shut. */
	private final Set<Gate> gates = ConcurrentHashMap.newKeySet();

	/** How often something was sent after an answer, or at first. */
	private final AtomicInteger roundTrips = new AtomicInteger();

	private volatile int target;

	/** Under the lock of {@link #open}. */
	private boolean closed;

	private volatile long delayNanos;

	public TcpProxy(int target) {
		this.target = target;
		try {
			this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		run(this::accept);
	}

	public String uri() {
		return "redis://127.0.0.1:" + this.door.getLocalPort();
	}

	/** Where clients connect to. */
	public int port() {
		return this.door.getLocalPort();
	}

	/**
	 * How often clients sent something and then waited for its answer, on all connections
	 * so far, where they send nothing while they wait.
	 */
	public int roundTrips() {
		return this.roundTrips.get();
	}

	/** Breaks all connections; new ones go to this port. */
	public void switchTo(int port) {
		this.target = port;
		cut();
	}

	/** New connections go to this port; those of now stay. */
	public void sendNewTo(int port) {
		this.target = port;
	}

	/** Every answer takes so much longer. */
	public void delayAnswers(Duration by) {
		this.delayNanos = by.toNanos();
	}

	/** Answers stay away on the connections of now, though they look open. */
	public void holdAnswers() {
		this.gates.stream().filter((gate) -> !gate.requests).forEach((gate) -> gate.shut = true);
	}

	/** Nothing passes any more on the connections of now, though they look open. */
	public void freeze() {
		this.gates.forEach((gate) -> gate.shut = true);
	}

	/**
	 * Breaks all connections. One that is being made goes to the present target, or is
	 * broken, too.
	 */
	public void cut() {
		synchronized (this.open) {
			this.open.forEach(TcpProxy::close);
			this.open.clear();
		}
	}

	/** Breaks all connections, also those of clients that come back at once. */
	@Override
	public void close() {
		synchronized (this.open) {
			this.closed = true;
			cut();
		}
		try {
			this.door.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void accept() throws IOException {
		while (!this.door.isClosed()) {
			Socket client = this.door.accept();
			try {
				Socket server = connect(client);
				AtomicBoolean answered = new AtomicBoolean(true);
				run(() -> pass(client, server, new Gate(true, answered)));
				run(() -> pass(server, client, new Gate(false, answered)));
			}
			catch (IOException ex) {
				close(client);
			}
		}
	}

	private Socket connect(Socket client) throws IOException {
		synchronized (this.open) {
			if (this.closed) {
				throw new IOException("closed");
			}
			client.setTcpNoDelay(true);
			Socket server = new Socket(InetAddress.getLoopbackAddress(), this.target);
			this.open.add(client);
			this.open.add(server);
			server.setTcpNoDelay(true);
			return server;
		}
	}

	private void pass(Socket from, Socket to, Gate gate) throws IOException {
		this.gates.add(gate);
		try (from; to) {
			InputStream in = from.getInputStream();
			OutputStream out = to.getOutputStream();
			byte[] buffer = new byte[65_536];
			for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
				if (!gate.requests) {
					gate.answered.set(true);
				}
				else if (gate.answered.getAndSet(false)) {
					this.roundTrips.incrementAndGet();
				}
				if (!gate.requests && this.delayNanos > 0) {
					LockSupport.parkNanos(this.delayNanos);
				}
				if (!gate.shut) {
					out.write(buffer, 0, count);
				}
			}
		}
		finally {
			this.gates.remove(gate);
		}
	}

	private static void close(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void run(Work work) {
		Thread thread = new Thread(() -> {
			try {
				work.run();
			}
			catch (IOException ex) {
				// the connection was cut, on purpose
			}
		}, "tcp-proxy");
		thread.setDaemon(true);
		thread.start();
	}

	private static final class Gate {

		private final boolean requests;

		/** Whether the connection's last bytes came from the server. */
		private final AtomicBoolean answered;

		private volatile boolean shut;

		Gate(boolean requests, AtomicBoolean answered) {
			this.requests = requests;
			this.answered = answered;
		}

	}

	private interface Work {

		void run() throws IOException;

	}

}
