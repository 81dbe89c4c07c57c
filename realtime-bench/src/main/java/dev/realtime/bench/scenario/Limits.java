package dev.realtime.bench.scenario;

import java.util.List;

/**
 * What this machine could do at best: the same frames from a bare Netty server. Each
 * figure of {@code fan-out} is also a share of this one.
 */
final class Limits extends FanOut {

	@Override
	public String name() {
		return "limits";
	}

	@Override
	public List<String> servers(Settings settings) {
		return List.of("bare-netty");
	}

}
