package dev.realtime.bench;

import java.util.Arrays;
import java.util.List;

import dev.realtime.bench.capacity.EngineKind;
import dev.realtime.bench.durable.Durable;
import dev.realtime.bench.durable.Numbering;
import dev.realtime.bench.engine.RelayKind;
import dev.realtime.bench.micro.Micro;
import dev.realtime.bench.micro.PublishLoad;
import dev.realtime.bench.million.Million;
import dev.realtime.bench.scenario.Run;
import dev.realtime.bench.server.Servers;

/**
 * {@code java -jar realtime-bench.jar server|run|load|micro|publish|durable|million|capacity
 * …}
 */
public final class Bench {

	private static final String USAGE = """
			java -jar realtime-bench.jar server [--transport=TRANSPORT]
			        [--broker=memory|redis|jdbc] [--redis=HOST:PORT] [--jdbc=URL] [--relay=RELAY[@ADDRESS]]
			        [--port=8080] [--operated=true] [--any.spring.property=VALUE]
			    One server with a STOMP endpoint at /realtime; clients may publish on /topic/bench and /topic/bench.*
			    Transports: netty, tomcat, tomcat-standard, jetty, simple-broker, upgrade, bare-netty
			    With jdbc the database keeps the topics, and Redis relays and knows who is present.
			    --relay in place of --broker chooses what carries messages between nodes, and where topics are kept:
			    RELAYS. nats, rabbit and kafka keep them in the Redis of --redis.

			java -jar realtime-bench.jar run SCENARIO|all [--servers=netty,tomcat,simple-broker,socket.io]
			        [--runs=5] [--seconds=6] [--quick] [--scale=1.0] [--java=PATH] [--jvm=FLAGS] [--out=results]
			        [--centrifugo=PATH] [--subscribers=1000,5000] [--clients=N] [--topics=N] [--minutes=2]
			        [--warm-up=60] [--relay=RELAY[@ADDRESS],...|all] [--rate=60] [--turns=12] [--beside='--a=B --c=D'] [--beside-jar=FILE]
			    Starts servers in processes of their own, drives them, prints a table, writes JSON and a chart.
			    Scenarios: SCENARIOS
			    Servers: SERVERS
			    --centrifugo is Centrifugo's binary. --subscribers chooses the cases of fan-out, --clients and --topics
			    the size of jitter, deploy and two-nodes, --minutes how long jitter goes on. --warm-up is the longest wait, in seconds, for the compilers of server and clients.
			    two-nodes takes the engines of --relay in turns, starts each unless its address is given, and publishes
			    --rate messages a second on the one node to --clients on --topics of the other.
			    turns compares each server with the same one that has other arguments, by default --operated=true (a tracer that
			    samples nothing, Prometheus, the inspector, topic events, AsyncAPI), or is from another build's jar.

			java -jar realtime-bench.jar load --url=ws://HOST:PORT/PATH [--connections=100] [--topics=1] [--rate=10] [--ramp=200]
			        [--scenario=sustained|burst|reconnect|churn|all] [--seconds=30] [--burst=20] [--burst-seconds=10] [--churn=5]
			        [--header='Name: value'] [--connect-header=login:user-{n}] [--insecure-tls=true]
			        [--destination=/topic/bench.{t}] [--send=/topic/bench.{t}] [--send-header=name:value] [--body=TEXT] [--payload=128]
			        [--publishers=1] [--first=0] [--verify=true] [--patience=30] [--metrics-url=URL] [--metrics-header='Name: value']
			        [--out=results]
			    Loads any deployment of an application with the starter, and counts every delivery. {n} is the client's number, {t} the
			    topic's, {mark} in --body what is recognised when it returns. Exit code 1: a delivery is missing, doubled or out of
			    order; 3: the deployment cannot be reached or refuses. See docs/load-testing.md.

			java -jar realtime-bench.jar load merge FILE... [--out=results]
			    The results of several processes as one.

			java -jar realtime-bench.jar micro [REGEX]
			    JMH: the hub, its queue, frame encoding, the Redis publish path.

			java -jar realtime-bench.jar publish [--flags]
			    The Redis publish path alone, in a closed loop.

			java -jar realtime-bench.jar durable [--jdbc=URL] [--user=NAME] [--password=WORD] [--topics=1,1000] [--runs=5]
			        [--seconds=5] [--payload=128] [--in-flight=1000] [--rate=0] [--writers=2] [--connections=16] [--batch=500]
			    The broker on a database, in batches and one by one, beside plain inserts. Empties the log's tables of
			    that database; without --jdbc it is H2 in a temporary file.

			java -jar realtime-bench.jar numbering [--jdbc=URL] [--publishers=1,4,16,64] [--hold=0] [--runs=3] [--seconds=3]
			    Parallel publishers on one topic of a database, whose numbers are the log's or those of a counter in a private
			    Redis; in transactions that stay open for --hold ms after publishing, and without. Empties the log's tables.

			java -jar realtime-bench.jar capacity --connections=10m (--events=50k --fan-out=200 | --groups=GROUPS)
			        [--burst=20] [--burst-seconds=1] [--within=2] [--payload=128] [--check-interval=10] [--engine=ENGINE] [--transport=netty|tomcat]
			        [--node-cores=8] [--node-memory=32g] [--node-bandwidth=10g] [--node-connections=250k]
			        [--utilization=0.5] [--costs=shipped|FILE|FOLDER]
			    Calculates nodes, cores, memory, descriptors, bandwidth and engine servers from unit costs that were measured.
			    GROUPS is TOPICSxMEMBERS@RATE/s,... such as 100kx50@0.1/s,1kx5000@2/s. k, m and g are 10^3, 10^6 and 10^9.
			    Engines: FLEETENGINES
			    --costs takes a file of costs, or the folder of results of `run` on your machine, over the shipped ones.

			java -jar realtime-bench.jar capacity simulate (the same options) [--seconds=30] [--seed=1] [--sample=2] [--nodes=N]
			        [--stalls=0.5] [--stall-ms=10] [--back-within=5]
			    The same fleet in simulated time, of which --sample nodes are simulated: a burst, pauses of the collector, a lost node.

			java -jar realtime-bench.jar capacity measure [--out=results]
			    Measures unit costs of a private Redis that `run` does not print, into capacity-costs.json of that folder.

			java -jar realtime-bench.jar capacity verify [--recorded=shipped|FILE] [--servers=netty] [--runs=5] [--seconds=6] [--out=results]
			    Real runs beside their simulation, or recorded ones. Real ones are recorded in capacity-runs.json of that folder.

			java -jar realtime-bench.jar million [--connections=1000000] [--shards=1] [--messages=20]
			    A million connections in this process: heap for each, and the time of one message to all.
			""";

	private Bench() {
	}

	public static void main(String[] args) {
		int code = run(Arrays.asList(args));
		if (code >= 0) {
			System.exit(code);
		}
	}

	private static String[] rest(List<String> args) {
		return args.subList(1, args.size()).toArray(String[]::new);
	}

	/** Runs a command; the process's exit code, or -1 when a server goes on running. */
	public static int run(List<String> args) {
		try {
			Arguments arguments = Arguments.parse(args);
			String command = arguments.words().isEmpty() ? "" : arguments.words().get(0);
			if (arguments.has("help") || command.isEmpty()) {
				System.out.println(USAGE.replace("SCENARIOS", Run.names())
					.replace("SERVERS", Run.servers())
					.replace("FLEETENGINES", String.join(", ", EngineKind.names()))
					.replace("RELAYS", String.join(", ", RelayKind.names())));
				return command.isEmpty() && !arguments.has("help") ? 2 : 0;
			}
			switch (command) {
				case "server" -> Servers.start(arguments);
				case "run" -> Run.run(arguments);
				case "load" -> {
					return LoadCommand.run(arguments);
				}
				case "micro" -> Micro.run(rest(args));
				case "publish" -> PublishLoad.run(rest(args));
				case "durable" -> Durable.run(arguments);
				case "numbering" -> Numbering.run(arguments);
				case "million" -> Million.run(rest(args));
				case "capacity" -> CapacityCommand.run(arguments);
				default -> throw new IllegalArgumentException("Unknown command " + command
						+ "; there are server, run, load, micro, publish, durable, numbering, million and capacity, see --help");
			}
			return command.equals("server") ? -1 : 0;
		}
		catch (IllegalArgumentException ex) {
			System.err.println(ex.getMessage());
			return 2;
		}
		catch (Exception ex) {
			System.err.println(ex + Arrays.stream(ex.getStackTrace())
				.map((frame) -> "\n\tat " + frame)
				.collect(java.util.stream.Collectors.joining()));
			return 1;
		}
	}

}
