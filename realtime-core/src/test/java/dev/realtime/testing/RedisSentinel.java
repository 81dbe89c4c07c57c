package dev.realtime.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.awaitility.Awaitility;

/**
 * A real Redis with a replica, and a sentinel that promotes the replica half a second
 * after the master is lost; three processes.
 */
public final class RedisSentinel implements AutoCloseable {

	private final List<RedisServer> servers = new ArrayList<>();

	private final Path folder;

	private final Process sentinel;

	private final int port;

	private RedisSentinel() {
		this.servers.add(RedisServer.startProcess());
		int first = this.servers.get(0).port();
		this.servers.add(Ports.startOnOne((second) -> RedisServer.startProcess(second, "--replicaof", "127.0.0.1",
				Integer.toString(first), "--repl-diskless-sync-delay", "0")));
		await("the replica", () -> master().say("INFO replication").contains("state=online"));
		int[] reserved = new int[1];
		try {
			this.folder = Files.createTempDirectory("sentinel-test");
			this.sentinel = Ports.startOnOne((own) -> {
				reserved[0] = own;
				return launch(own, first);
			});
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.port = reserved[0];
		await("the sentinel", () -> {
			String known = say(this.port, "SENTINEL MASTER main");
			return known.contains("num-slaves\r\n$1\r\n1")
					&& say(this.port, "SENTINEL REPLICAS main").contains("\r\nok\r\n");
		});
	}

	/** Starts them and waits until the sentinel knows the replica. */
	public static RedisSentinel start() {
		return new RedisSentinel();
	}

	private Process launch(int own, int master) {
		Path file = this.folder.resolve("sentinel.conf");
		try {
			Files.writeString(file, """
					port %d
					bind 127.0.0.1
					dir %s
					sentinel monitor main 127.0.0.1 %d 1
					sentinel down-after-milliseconds main 500
					sentinel failover-timeout main 3000
					""".formatted(own, this.folder, master));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return Programs.launch("redis-sentinel",
				new ProcessBuilder(RedisServer.binary().toString(), file.toString(), "--sentinel"),
				this.folder.resolve("sentinel.log"), (started) -> say(own, "PING").contains("PONG"));
	}

	/** For a client that asks the sentinel for the master. */
	public String uri() {
		return "redis-sentinel://127.0.0.1:" + this.port + "#main";
	}

	/** The first master. */
	public RedisServer master() {
		return this.servers.get(0);
	}

	/** Its replica. */
	public RedisServer replica() {
		return this.servers.get(1);
	}

	/** Breaks the connection between the two; the replica cannot come back to it. */
	public void cutOff() {
		replica().say("CONFIG SET masteruser nobody");
		replica().say("CONFIG SET masterauth wrong");
		master().say("CLIENT KILL TYPE replica");
		await("the cut", () -> master().say("INFO replication").contains("connected_slaves:0"));
	}

	/** Kills the master and waits until the replica is promoted. */
	public void failover() {
		master().stop();
		await("the promotion", () -> replica().say("INFO replication").contains("role:master"));
	}

	/** A sentinel knows no QUIT. */
	private static String say(int port, String command) {
		StringBuilder answer = new StringBuilder();
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			socket.setSoTimeout(5_000);
			socket.getOutputStream().write((command + "\r\nPING\r\n").getBytes(StandardCharsets.US_ASCII));
			while (answer.indexOf("+PONG\r\n") < 0) {
				int next = socket.getInputStream().read();
				if (next < 0) {
					break;
				}
				answer.append((char) next);
			}
			return answer.toString();
		}
		catch (IOException ex) {
			return "";
		}
	}

	private static void await(String what, java.util.concurrent.Callable<Boolean> condition) {
		Awaitility.await(what).atMost(Duration.ofSeconds(60)).ignoreExceptions().until(condition);
	}

	@Override
	public void close() {
		Programs.end(this.sentinel);
		this.servers.forEach(RedisServer::close);
		Programs.delete(this.folder);
	}

}
