package dev.realtime.spring.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

import com.jayway.jsonpath.JsonPath;
import dev.realtime.testing.Engines;
import dev.realtime.testing.Ports;
import org.awaitility.Awaitility;

import org.springframework.util.FileSystemUtils;

/** An installed Prometheus that collects the meters of some nodes. */
final class PrometheusServer implements AutoCloseable {

	static final String JOB = "chat";

	private final HttpClient http = HttpClient.newHttpClient();

	private final Process process;

	private final Path folder;

	private final int port;

	private PrometheusServer(Process process, Path folder, int port) {
		this.process = process;
		this.folder = folder;
		this.port = port;
	}

	/**
	 * Starts one with these alert rules.
	 * @param nodes the nodes' web ports
	 */
	static PrometheusServer start(Path rules, List<Integer> nodes) {
		Path program = Engines.require("prometheus");
		int port = Ports.reserve();
		try {
			Path folder = Files.createTempDirectory("prometheus");
			Files.writeString(folder.resolve("prometheus.yml"), """
					global:
					  scrape_interval: 1s
					  evaluation_interval: 1s
					rule_files:
					  - %s
					scrape_configs:
					  - job_name: %s
					    metrics_path: /actuator/prometheus
					    static_configs:
					      - targets: [%s]
					""".formatted(rules.toAbsolutePath().normalize(), JOB,
					nodes.stream().map((node) -> "'127.0.0.1:" + node + "'").collect(Collectors.joining(", "))));
			Process process = new ProcessBuilder(program.toString(),
					"--config.file=" + folder.resolve("prometheus.yml"),
					"--storage.tsdb.path=" + folder.resolve("data"), "--web.listen-address=127.0.0.1:" + port)
				.redirectErrorStream(true)
				.redirectOutput(folder.resolve("log").toFile())
				.start();
			PrometheusServer server = new PrometheusServer(process, folder, port);
			Awaitility.await("Prometheus").until(() -> server.isReady(folder.resolve("log")));
			return server;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The values of the series that a query has now. */
	List<Double> query(String query) {
		List<String> values = JsonPath.read(
				get("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8)),
				"$.data.result[*].value[1]");
		return values.stream().map(Double::valueOf).toList();
	}

	/** What Prometheus says of the health of each alert rule. */
	List<String> health() {
		return JsonPath.read(get("/api/v1/rules"), "$.data.groups[*].rules[*].health");
	}

	private String get(String path) {
		try {
			HttpResponse<String> response = this.http.send(
					HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + path)).build(),
					HttpResponse.BodyHandlers.ofString());
			if (response.statusCode() != 200) {
				throw new IllegalStateException(path + ": " + response.body());
			}
			return response.body();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private boolean isReady(Path log) throws IOException {
		if (!this.process.isAlive()) {
			throw new IllegalStateException("Prometheus ended: " + Files.readString(log));
		}
		return Files.readString(log).contains("Server is ready to receive web requests");
	}

	@Override
	public void close() {
		this.process.destroyForcibly().onExit().join();
		try {
			boolean unused = FileSystemUtils.deleteRecursively(this.folder);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
