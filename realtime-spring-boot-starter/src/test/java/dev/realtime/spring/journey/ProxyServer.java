package dev.realtime.spring.journey;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.realtime.testing.Ports;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An installed nginx or HAProxy before two nodes, with the configuration that
 * {@code docs/operations.md} prints. Only addresses are replaced.
 */
final class ProxyServer implements AutoCloseable {

	/**
	 * With this in the environment, a proxy that is not installed is a failure:
	 * {@code required}.
	 */
	static final String REQUIRED = "REALTIME_TEST_PROXIES";

	private static final Logger logger = LoggerFactory.getLogger(ProxyServer.class);

	private static final Path PAGE = Path.of("..", "docs", "operations.md");

	private final Process process;

	private final int port;

	private ProxyServer(Process process, int port) {
		this.process = process;
		this.port = port;
	}

	int port() {
		return this.port;
	}

	/** The program, if it is installed. */
	static Optional<Path> installed(String name) {
		return Stream.concat(Stream.of(System.getenv("PATH").split(File.pathSeparator, -1)), Stream.of("/usr/sbin"))
			.map((folder) -> Path.of(folder, name))
			.filter(Files::isExecutable)
			.findFirst();
	}

	/**
	 * Leaves the test out, and says so, where the program is neither there nor required.
	 */
	static void requireInstalled(String name) {
		requireInstalled(name, "required".equals(System.getenv(REQUIRED)));
	}

	static void requireInstalled(String name, boolean required) {
		if (installed(name).isPresent()) {
			return;
		}
		String reason = name + " is not installed, so nothing is tested behind it. Install it: apt-get install " + name;
		if (required) {
			throw new IllegalStateException(reason + " (" + REQUIRED + " is \"required\")");
		}
		logger.warn(reason);
		Assumptions.abort(reason);
	}

	static ProxyServer nginx(int one, int two) {
		int port = Ports.reserve();
		Path folder = write("nginx.conf", """
				daemon off;
				worker_processes 1;
				pid nginx.pid;
				error_log error.log info;
				events {}
				http {
					access_log off;
					client_body_temp_path body;
					proxy_temp_path proxy;
					fastcgi_temp_path fastcgi;
					uwsgi_temp_path uwsgi;
					scgi_temp_path scgi;
					include chat.conf;
				}
				""");
		write(folder, "chat.conf", block("nginx", port, one, two, one, two));
		return start(folder, port, program("nginx"), "-p", folder + File.separator, "-c", "nginx.conf", "-e",
				"error.log");
	}

	/**
	 * Starts HAProxy.
	 * @param oneHealth where node one answers for its health
	 */
	static ProxyServer haproxy(int one, int two, int oneHealth, int twoHealth) {
		int port = Ports.reserve();
		Path folder = write("haproxy.cfg", block("haproxy", port, one, two, oneHealth, twoHealth));
		return start(folder, port, program("haproxy"), "-db", "-f", "haproxy.cfg");
	}

	/** The block of the page, with the addresses of this test. */
	private static String block(String language, int port, int one, int two, int oneHealth, int twoHealth) {
		String page = read(PAGE);
		String start = "```" + language + '\n';
		int from = page.indexOf(start);
		if (from < 0 || page.indexOf(start, from + 1) >= 0) {
			throw new IllegalStateException(PAGE + " must have one block of " + language);
		}
		String block = page.substring(from + start.length(), page.indexOf("```", from + start.length()));
		return replaced(block, language.equals("nginx") ? "listen 80;" : "bind :80",
				language.equals("nginx") ? "listen 127.0.0.1:" + port + ';' : "bind 127.0.0.1:" + port)
			.replace("10.0.0.11:8080 check", "127.0.0.1:" + one + " check port " + oneHealth)
			.replace("10.0.0.12:8080 check", "127.0.0.1:" + two + " check port " + twoHealth)
			.replace("10.0.0.11:8080", "127.0.0.1:" + one)
			.replace("10.0.0.12:8080", "127.0.0.1:" + two);
	}

	private static String replaced(String text, String target, String replacement) {
		if (!text.contains(target)) {
			throw new IllegalStateException(PAGE + " lacks \"" + target + '"');
		}
		return text.replace(target, replacement);
	}

	private static String program(String name) {
		return installed(name).map(Path::toString).orElseThrow();
	}

	private static ProxyServer start(Path folder, int port, String... command) {
		Path log = folder.resolve("output.log");
		try {
			Process process = new ProcessBuilder(List.of(command)).directory(folder.toFile())
				.redirectErrorStream(true)
				.redirectOutput(log.toFile())
				.start();
			Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
			Awaitility.await("proxy in " + folder)
				.atMost(Duration.ofSeconds(10))
				.until(() -> !process.isAlive() || answers(port));
			if (!process.isAlive()) {
				throw new IllegalStateException("The proxy did not start: " + read(log));
			}
			return new ProxyServer(process, port);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static boolean answers(int port) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** SIGTERM: it ends its workers, too. */
	@Override
	public void close() {
		this.process.destroy();
		this.process.onExit().join();
	}

	private static Path write(String name, String text) {
		try {
			Path folder = Files.createTempDirectory("realtime-proxy");
			write(folder, name, text);
			return folder;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void write(Path folder, String name, String text) {
		try {
			Files.writeString(folder.resolve(name), text);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
