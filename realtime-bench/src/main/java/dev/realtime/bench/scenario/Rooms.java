package dev.realtime.bench.scenario;

import java.util.List;

/** Many small audiences: 10,000 connections in 1,000 rooms. */
final class Rooms extends FanOut {

	@Override
	public String name() {
		return "rooms";
	}

	/** Servers without topics have no rooms. */
	@Override
	public List<String> servers(Settings settings) {
		return settings.servers().stream().filter((server) -> !ServerNames.isFloor(server)).toList();
	}

	@Override
	public List<String> variants(Settings settings) {
		return List.of("1000 rooms of 10");
	}

	@Override
	public Figures measure(String server, String variant, Settings settings) {
		int rooms = settings.clients(1_000);
		try (ServerProcess process = ServerProcess.start(server, settings);
				Clients clients = Clients.connect(server, process.port(), rooms * 10, rooms)) {
			return closedLoop(server, variant, process, clients, rooms, settings);
		}
	}

}
