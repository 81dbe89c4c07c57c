package dev.realtime.bench.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.realtime.bench.Arguments;
import dev.realtime.bench.engine.RelayChoice;

import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts one server under test and prints {@code READY pid=… port=… http=…}: where it
 * speaks WebSocket, and where it answers HTTP.
 */
public final class Servers {

	/** What can be measured. */
	public static final List<String> TRANSPORTS = List.of("netty", "tomcat", "tomcat-standard", "jetty",
			"simple-broker", "upgrade", "bare-netty", "closing");

	/** A process may open 20,000 files here: room for 15,000 clients and the rest. */
	private static final int MAX_CONNECTIONS = 25_000;

	/** With a driver on the class path Boot would start a database for nothing. */
	private static final String NO_DATABASE = "--spring.autoconfigure.exclude="
			+ "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration";

	/** The tracer is on the class path of each server, and in {@link #OPERATED} alone. */
	private static final List<String> UNOPERATED = List.of("--management.prometheus.metrics.export.enabled=false",
			"--spring.autoconfigure.exclude="
					+ "org.springframework.boot.actuate.autoconfigure.tracing.MicrometerTracingAutoConfiguration,"
					+ "org.springframework.boot.actuate.autoconfigure.tracing.OpenTelemetryTracingAutoConfiguration,"
					+ "org.springframework.boot.actuate.autoconfigure.tracing.NoopTracerAutoConfiguration");

	/** What watches a node, all of it. No trace is sampled. */
	private static final List<String> OPERATED = List.of("--management.tracing.sampling.probability=0",
			"--realtime.inspector.enabled=true", "--realtime.asyncapi.enabled=true",
			"--realtime.topic-events.enabled=true");

	private static final Set<String> OURS = Set.of("transport", "broker", "relay", "redis", "jdbc", "port", "operated");

	private Servers() {
	}

	/**
	 * Starts it; it runs until the process ends.
	 * @throws IllegalArgumentException when an option is wrong, saying how
	 */
	public static void start(Arguments arguments) {
		String transport = arguments.oneOf("transport", "netty", TRANSPORTS);
		List<String> engines = engines(arguments);
		int port = arguments.number("port", 8080);
		if (transport.equals("bare-netty")) {
			ready(BareNetty.start(port), 0);
			return;
		}
		if (transport.equals("closing")) {
			ready(ClosingServer.start(port), 0);
			return;
		}
		if (transport.equals("upgrade")) {
			ready(UpgradeServer.start(port, MAX_CONNECTIONS), 0);
			return;
		}
		List<String> given = arguments.except(OURS);
		List<String> properties = new ArrayList<>(common());
		properties.addAll(endpoint(transport, port));
		properties.addAll(engines);
		properties.addAll(arguments.has("operated") ? OPERATED : UNOPERATED);
		properties.removeIf((property) -> !isList(property)
				&& given.stream().anyMatch((each) -> name(each).equals(name(property))));
		properties.addAll(given);
		ConfigurableApplicationContext application = new SpringApplicationBuilder(BenchApplication.class)
			.bannerMode(Banner.Mode.OFF)
			.run(properties.toArray(String[]::new));
		int http = portOf(application, "local.server.port");
		ready(transport.equals("netty") ? portOf(application, "local.realtime.netty.port") : http, http);
	}

	private static int portOf(ConfigurableApplicationContext application, String property) {
		return Integer.parseInt(application.getEnvironment().getRequiredProperty(property));
	}

	private static void ready(int port, int http) {
		System.out.println("READY pid=" + ProcessHandle.current().pid() + " port=" + port + " http=" + http);
	}

	/** Given several times, its values are one list. */
	private static boolean isList(String property) {
		return property.startsWith("--spring.autoconfigure.exclude=");
	}

	private static String name(String property) {
		int value = property.indexOf('=');
		return (value < 0) ? property : property.substring(0, value);
	}

	/** One connection publishes as fast as it can: no client does that unasked. */
	private static List<String> common() {
		return List.of("--logging.level.root=warn", "--management.health.redis.enabled=false",
				"--management.endpoints.web.exposure.include=*", "--server.tomcat.max-connections=" + MAX_CONNECTIONS,
				"--server.tomcat.accept-count=4096", "--realtime.netty.max-connections=" + MAX_CONNECTIONS,
				"--realtime.limits.connections-per-user=0", "--realtime.rates.enabled=false",
				"--realtime.publish.max-in-flight-per-connection=10000",
				"--realtime.publish.max-in-flight-per-user=10000", "--realtime.security.anonymous=true",
				"--realtime.unknown-topics=allow", "--realtime.topics.one.pattern=bench",
				"--realtime.topics.one.client-publish=true", "--realtime.topics.one.presence=true",
				"--realtime.topics.rooms.pattern=bench.*", "--realtime.topics.rooms.client-publish=true",
				"--realtime.topics.rooms.presence=true");
	}

	private static List<String> endpoint(String transport, int port) {
		return switch (transport) {
			case "netty" -> List.of("--bench.container=tomcat", "--server.port=0", "--realtime.netty.port=" + port);
			case "simple-broker" ->
				List.of("--bench.container=tomcat", "--server.port=" + port, "--realtime.enabled=false");
			case "tomcat-standard" ->
				List.of("--bench.container=tomcat", "--server.port=" + port, "--realtime.servlet.transport=standard");
			default -> List.of("--bench.container=" + transport, "--server.port=" + port);
		};
	}

	/** Where topics are kept, and what carries their messages. */
	private static List<String> engines(Arguments arguments) {
		String redis = arguments.get("redis", "127.0.0.1:6379");
		if (!arguments.has("relay")) {
			String broker = arguments.oneOf("broker", "memory", List.of("memory", "redis", "jdbc"));
			return broker(broker, redis, arguments.get("jdbc", ""));
		}
		if (arguments.has("broker") || arguments.has("jdbc")) {
			throw new IllegalArgumentException("--relay decides where topics are kept: leave --broker and --jdbc out");
		}
		RelayChoice relay = RelayChoice.of(arguments.get("relay", ""));
		List<String> properties = new ArrayList<>(relay.properties(redis));
		if (!relay.isDatabase()) {
			properties.add(NO_DATABASE);
		}
		return properties;
	}

	private static List<String> broker(String broker, String redis, String jdbc) {
		if (broker.equals("memory")) {
			return List.of("--realtime.broker=memory", NO_DATABASE);
		}
		List<String> properties = new ArrayList<>(RelayChoice.redis(redis));
		properties.addAll(broker.equals("jdbc") ? database(jdbc) : List.of(NO_DATABASE));
		return properties;
	}

	/** Redis relays and knows who is present; topics are numbered and kept here. */
	private static List<String> database(String url) {
		if (!url.startsWith("jdbc:")) {
			throw new IllegalArgumentException("--broker=jdbc needs --jdbc=jdbc:..., not \"" + url + "\"");
		}
		return List.of("--realtime.log=jdbc", "--realtime.jdbc.initialize-schema=always",
				"--spring.datasource.url=" + url);
	}

}
