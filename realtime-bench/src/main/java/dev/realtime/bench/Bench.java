package dev.realtime.bench;

import java.util.Arrays;
import java.util.List;

import dev.realtime.bench.scenario.Run;
import dev.realtime.bench.server.Servers;

/** {@code java -jar realtime-bench.jar server|run …} */
public final class Bench {

	private static final String USAGE = """
			java -jar realtime-bench.jar server [--transport=netty|tomcat|jetty|simple-broker|bare-netty]
			        [--broker=memory|redis] [--redis=HOST:PORT] [--port=8080] [--any.spring.property=VALUE]
			    One server with a STOMP endpoint at /realtime; clients may publish on /topic/bench and /topic/bench.*

			java -jar realtime-bench.jar run SCENARIO|all [--servers=netty,tomcat,jetty,simple-broker,socket.io,bare-netty]
			        [--runs=5] [--seconds=6] [--quick] [--scale=1.0] [--java=PATH] [--jvm=FLAGS] [--out=results]
			    Starts servers in processes of their own, drives them, prints a table, writes JSON and a chart.
			    Scenarios:
			""";

	private Bench() {
	}

	public static void main(String[] args) {
		int code = run(Arrays.asList(args));
		if (code >= 0) {
			System.exit(code);
		}
	}

	/** Runs a command; the process's exit code, or -1 when a server goes on running. */
	public static int run(List<String> args) {
		try {
			Arguments arguments = Arguments.parse(args);
			String command = arguments.words().isEmpty() ? "" : arguments.words().get(0);
			if (arguments.has("help") || command.isEmpty()) {
				System.out.println(USAGE + "    " + Run.names());
				return command.isEmpty() && !arguments.has("help") ? 2 : 0;
			}
			switch (command) {
				case "server" -> Servers.start(arguments);
				case "run" -> Run.run(arguments);
				default -> throw new IllegalArgumentException(
						"Unknown command " + command + "; there are server and run, see --help");
			}
			return command.equals("server") ? -1 : 0;
		}
		catch (IllegalArgumentException ex) {
			System.err.println(ex.getMessage());
			return 2;
		}
		catch (RuntimeException ex) {
			System.err.println(ex.getMessage() + Arrays.stream(ex.getStackTrace())
				.map((frame) -> "\n\tat " + frame)
				.collect(java.util.stream.Collectors.joining()));
			return 1;
		}
	}

}
