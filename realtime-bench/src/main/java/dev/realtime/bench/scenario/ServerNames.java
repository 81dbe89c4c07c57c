package dev.realtime.bench.scenario;

import java.util.List;

/** The servers that can be measured, by the names that the command line gives them. */
public final class ServerNames {

	/** This project's, each on another transport. */
	static final List<String> OURS = List.of("netty", "tomcat", "tomcat-standard", "jetty");

	/** All of them. */
	static final List<String> ALL = List.of("netty", "tomcat", "tomcat-standard", "jetty", "upgrade", "centrifugo",
			"simple-broker", "socket.io", "bare-netty");

	/** Those that know no topics: each client gets everything. */
	private static final List<String> FLOORS = List.of("upgrade", "bare-netty");

	private ServerNames() {
	}

	/** Whether the server is this project's, with topics, recovery and presence. */
	public static boolean isOurs(String server) {
		return OURS.contains(server);
	}

	static boolean isFloor(String server) {
		return FLOORS.contains(server);
	}

	/** This project's among them. */
	static List<String> ours(Settings settings) {
		return settings.servers().stream().filter(ServerNames::isOurs).toList();
	}

	/**
	 * Why a server cannot be started here.
	 * @return an empty text if it can
	 */
	static String missing(String server, Settings settings) {
		return switch (server) {
			case "socket.io" -> SocketIo.isPossible() ? "" : "there is no Node to run it";
			case "centrifugo" ->
				settings.centrifugo().isEmpty() ? "say where its binary is, with --centrifugo=PATH; it is built from "
						+ "the Go module github.com/centrifugal/centrifugo/v6" : "";
			default -> "";
		};
	}

}
