package dev.realtime.conformance.wire;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * What stands between the client under test and the node: it listens on a port of its
 * own, and passes WebSockets and requests over HTTP. Its threads are daemons, because
 * they wait in blocking reads: two for each connection of one client.
 */
public final class Wire implements AutoCloseable {

	private static final int MOST_HEAD_BYTES = 65_536;

	private static final FrameRule ALL = (link, frame) -> true;

	private final ServerSocket door;

	private final int nodePort;

	private final List<Link> links = new CopyOnWriteArrayList<>();

	private final List<Socket> requests = new CopyOnWriteArrayList<>();

	private final List<Long> attempts = new CopyOnWriteArrayList<>();

	private final List<String> paths = new CopyOnWriteArrayList<>();

	private volatile boolean refusing;

	private volatile FrameRule clientRule = ALL;

	private volatile FrameRule nodeRule = ALL;

	/** Listens on a free port of the loopback interface. */
	public Wire(int nodePort) {
		this.nodePort = nodePort;
		try {
			this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new java.io.UncheckedIOException(ex);
		}
		start(this::accept, "conformance-door");
	}

	/** Returns the address that the client connects to. */
	public String url() {
		return "ws://127.0.0.1:" + this.door.getLocalPort() + "/realtime";
	}

	/** Returns the WebSockets that were opened, the oldest first. */
	public List<Link> links() {
		return List.copyOf(this.links);
	}

	/** Returns when the client tried to open a WebSocket, refused tries included. */
	public List<Long> attempts() {
		return List.copyOf(this.attempts);
	}

	/**
	 * Returns the paths with queries of the requests over HTTP that begin so below
	 * {@code /realtime}, the oldest first, without refused ones.
	 */
	public List<String> requests(String path) {
		return this.paths.stream().filter((each) -> each.startsWith("/realtime" + path)).toList();
	}

	/** Breaks the requests over HTTP that are under way. */
	public void cutRequests() {
		this.requests.forEach(Wire::closeQuietly);
	}

	/** Whether connections are closed at once from now on. */
	public void refuse(boolean refuses) {
		this.refusing = refuses;
	}

	/** Decides about the client's frames from now on. */
	public void onClientFrame(FrameRule rule) {
		this.clientRule = rule;
	}

	/** Decides about the node's frames from now on. */
	public void onNodeFrame(FrameRule rule) {
		this.nodeRule = rule;
	}

	/** Passes all frames of both sides from now on. */
	public void passAll() {
		this.clientRule = ALL;
		this.nodeRule = ALL;
	}

	FrameRule clientRule() {
		return this.clientRule;
	}

	FrameRule nodeRule() {
		return this.nodeRule;
	}

	@Override
	public void close() {
		try {
			this.door.close();
			for (Socket request : this.requests) {
				request.close();
			}
		}
		catch (IOException ex) {
			// Already closed.
		}
		this.links.forEach(Link::end);
	}

	private void accept() {
		try {
			while (true) {
				Socket client = this.door.accept();
				client.setTcpNoDelay(true);
				start(() -> serve(client), "conformance-client");
			}
		}
		catch (IOException ex) {
			// Closed.
		}
	}

	private void serve(Socket client) {
		this.requests.add(client);
		try {
			String head = readHead(client.getInputStream());
			boolean webSocket = head.toLowerCase(Locale.ROOT).contains("\r\nupgrade: websocket");
			if (webSocket) {
				this.attempts.add(System.nanoTime());
			}
			if (this.refusing) {
				client.close();
				return;
			}
			if (!webSocket) {
				this.paths.add(head.split(" ", 3)[1]);
			}
			Socket node = new Socket(InetAddress.getLoopbackAddress(), this.nodePort);
			node.setTcpNoDelay(true);
			this.requests.add(node);
			String passed = webSocket ? withoutExtensions(head) : alone(head);
			node.getOutputStream().write(passed.getBytes(StandardCharsets.ISO_8859_1));
			if (webSocket) {
				passWebSocket(head, client, node);
			}
			else {
				start(() -> copy(node, client), "conformance-node");
				copy(client, node);
			}
		}
		catch (IOException ex) {
			closeQuietly(client);
		}
	}

	private void passWebSocket(String head, Socket client, Socket node) throws IOException {
		DataInputStream in = new DataInputStream(new BufferedInputStream(node.getInputStream()));
		String answer = readHead(in);
		if (!answer.startsWith("HTTP/1.1 101")) {
			client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
			start(() -> copy(client, node), "conformance-client");
			in.transferTo(client.getOutputStream());
			client.close();
			return;
		}
		Link link = new Link(this, head, client, node);
		this.links.add(link);
		client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
		start(() -> link.passFromNode(in), "conformance-node");
		link.passFromClient();
	}

	/** Reads up to the empty line, byte by byte, because frames may follow. */
	private static String readHead(InputStream in) throws IOException {
		ByteArrayOutputStream head = new ByteArrayOutputStream();
		while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
			int next = in.read();
			if (next < 0 || head.size() > MOST_HEAD_BYTES) {
				throw new IOException("No complete head of a request");
			}
			head.write(next);
		}
		return head.toString(StandardCharsets.ISO_8859_1);
	}

	/** Compressed frames could not be read. */
	private static String withoutExtensions(String head) {
		return without(head, "sec-websocket-extensions:", "");
	}

	/** Each request has a connection of its own, so that the head of each is read. */
	private static String alone(String head) {
		return without(head, "connection:", "Connection: close\r\n");
	}

	private static String without(String head, String header, String instead) {
		return head.lines()
			.filter((line) -> !line.isEmpty() && !line.toLowerCase(Locale.ROOT).startsWith(header))
			.collect(Collectors.joining("\r\n", "", "\r\n" + instead + "\r\n"));
	}

	private static void copy(Socket from, Socket to) {
		try {
			from.getInputStream().transferTo(to.getOutputStream());
			to.shutdownOutput();
		}
		catch (IOException ex) {
			closeQuietly(from);
			closeQuietly(to);
		}
	}

	private static void closeQuietly(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			// Already closed.
		}
	}

	private static void start(Runnable task, String name) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		thread.start();
	}

}
