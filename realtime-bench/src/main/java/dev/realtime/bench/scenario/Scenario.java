package dev.realtime.bench.scenario;

import java.util.List;

/** One question about a server. */
interface Scenario {

	/** As it is asked for. */
	String name();

	/** The figure that the chart shows. */
	String headline();

	/** What of the servers it makes sense for. */
	default List<String> servers(Settings settings) {
		return settings.servers();
	}

	/** The variants, each measured by itself. */
	default List<String> variants(Settings settings) {
		return List.of("");
	}

	/**
	 * Why a variant cannot be measured here.
	 * @return an empty text if it can
	 */
	default String missing(String variant, Settings settings) {
		return "";
	}

	/** Measures one variant of one server, once. */
	Figures measure(String server, String variant, Settings settings);

	/** Measures one variant of all servers, once: one after the other, in this order. */
	default List<Figures> measureAll(List<String> servers, String variant, Settings settings) {
		return servers.stream().map((server) -> measure(server, variant, settings)).toList();
	}

}
