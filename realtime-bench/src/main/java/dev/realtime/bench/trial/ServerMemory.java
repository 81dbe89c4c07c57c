package dev.realtime.bench.trial;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The memory of one node, as its Prometheus endpoint shows it: the used heap, what the
 * collector left of it, and the resident memory of the process if something exports it.
 */
final class ServerMemory {

	private static final double MB = 1024 * 1024;

	private static final Map<String, Pattern> FIGURES = figures();

	private final String url;

	private final List<String> headers;

	private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

	/**
	 * Makes one.
	 * @param url empty for none
	 * @param headers lines {@code Name: value}
	 */
	ServerMemory(String url, List<String> headers) {
		this.url = url;
		this.headers = headers;
	}

	/**
	 * Figures in MB by name; none without an address.
	 * @throws DeploymentException when the address does not answer
	 */
	Map<String, Double> now() {
		if (this.url.isEmpty()) {
			return Map.of();
		}
		try {
			HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.url)).timeout(Duration.ofSeconds(20));
			this.headers.forEach((line) -> {
				int colon = line.indexOf(':');
				request.header(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
			});
			HttpResponse<String> answer = this.http.send(request.build(), HttpResponse.BodyHandlers.ofString());
			if (answer.statusCode() != 200) {
				throw new DeploymentException("--metrics-url answered with " + answer.statusCode()
						+ "; expose the endpoint prometheus, and give credentials with --metrics-header='Name: value'");
			}
			return read(answer.body());
		}
		catch (IOException | IllegalArgumentException ex) {
			throw new DeploymentException("--metrics-url does not answer: " + ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return Map.of();
		}
	}

	/**
	 * The sum of each figure's series; those that are missing or unknown are left out.
	 */
	static Map<String, Double> read(String text) {
		Map<String, Double> figures = new LinkedHashMap<>();
		FIGURES.forEach((name, pattern) -> {
			double sum = pattern.matcher(text)
				.results()
				.mapToDouble((found) -> Double.parseDouble(found.group(1)))
				.filter((value) -> value > 0)
				.sum();
			if (sum > 0) {
				figures.put(name, sum / MB);
			}
		});
		return figures;
	}

	private static Map<String, Pattern> figures() {
		Map<String, Pattern> figures = new LinkedHashMap<>();
		figures.put("heap MB", Pattern.compile("(?m)^jvm_memory_used_bytes\\{[^}]*area=\"heap\"[^}]*} ([-+.\\dEe]+)"));
		figures.put("live MB", Pattern.compile("(?m)^jvm_gc_live_data_size_bytes(?:\\{[^}]*})? ([-+.\\dEe]+)"));
		figures.put("RSS MB", Pattern.compile("(?m)^process_resident_memory_bytes(?:\\{[^}]*})? ([-+.\\dEe]+)"));
		return figures;
	}

}
