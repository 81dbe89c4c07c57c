package dev.realtime.bench.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.realtime.bench.load.Load;

/**
 * 15,000 clients come at once: until all are connected, subscribed and, where there is
 * presence, members of the topic. As after a failure of the network, at a node that has
 * served many before, and as after a deployment, at one that has served none.
 */
final class JoinStorm implements Scenario {

	private static final String NEW_NODE = "15000 clients at a new node";

	private static final Pattern COUNT = Pattern.compile("\"count\"\\s*:\\s*(\\d+)");

	@Override
	public String name() {
		return "join-storm";
	}

	@Override
	public String headline() {
		return "clients/s";
	}

	@Override
	public List<String> variants(Settings settings) {
		return List.of("15000 clients", NEW_NODE);
	}

	@Override
	public Figures measure(String server, String variant, Settings settings) {
		int count = settings.clients(15_000);
		try (ServerProcess process = ServerProcess.start(server, settings)) {
			if (!variant.equals(NEW_NODE)) {
				WarmUp.await(process, settings, () -> comeAndGo(server, process, settings));
			}
			try (Load load = new Load(Clients.dialect(server))) {
				double cpu = process.cpuSeconds();
				double compiler = process.compilerSeconds();
				long began = System.nanoTime();
				load.connect(process.port(), count, (i) -> "bench", (i) -> "", 0);
				load.awaitLive(count, Duration.ofMinutes(2));
				if (ServerNames.isOurs(server)) {
					awaitMembers(process.http(), count);
				}
				double seconds = (System.nanoTime() - began) / 1e9;
				double used = process.cpuSeconds() - cpu;
				double compiled = process.compilerSeconds() - compiler;
				if (load.failed() > 0) {
					throw new IllegalStateException("Clients failed: " + load.failures());
				}
				Map<String, Double> values = new LinkedHashMap<>();
				values.put("clients/s", count / seconds);
				values.put("seconds", seconds);
				values.put("clients per server-CPU-second", count / used);
				values.put("compiler cores", compiled / seconds);
				return new Figures(server, variant, values);
			}
		}
	}

	private static void comeAndGo(String server, ServerProcess process, Settings settings) {
		int some = settings.clients(15_000);
		try (Load load = new Load(Clients.dialect(server))) {
			load.connect(process.port(), some, (i) -> "bench", (i) -> "", 0);
			load.awaitLive(some, Duration.ofMinutes(2));
		}
		if (ServerNames.isOurs(server)) {
			awaitMembers(process.http(), 0);
		}
		else {
			LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
		}
	}

	private static void awaitMembers(int http, int count) {
		HttpClient client = HttpClient.newHttpClient();
		HttpRequest request = HttpRequest
			.newBuilder(URI.create("http://127.0.0.1:" + http + "/realtime/topics/bench/presence?limit=1"))
			.build();
		for (int i = 0; i < 3_000; i++) {
			try {
				String answer = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
				Matcher found = COUNT.matcher(answer);
				if (found.find() && Integer.parseInt(found.group(1)) == count) {
					return;
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return;
			}
			LockSupport.parkNanos(20_000_000);
		}
		throw new IllegalStateException("Presence never had " + count + " members");
	}

}
