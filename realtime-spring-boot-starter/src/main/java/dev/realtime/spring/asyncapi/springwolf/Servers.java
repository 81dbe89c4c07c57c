package dev.realtime.spring.asyncapi.springwolf;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

import dev.realtime.spring.asyncapi.Names;
import io.github.springwolf.asyncapi.v3.model.AsyncAPI;
import io.github.springwolf.asyncapi.v3.model.server.Server;
import io.github.springwolf.asyncapi.v3.model.server.ServerReference;
import org.jspecify.annotations.Nullable;

/** The document's servers that clients of realtime messages connect to. */
final class Servers {

	private static final Set<String> PROTOCOLS = Set.of("ws", "wss", "stomp", "stomps");

	private Servers() {
	}

	/**
	 * Finds those that speak STOMP or WebSocket, and adds one if there is none and the
	 * address is known. Without any, the channels name no server.
	 */
	static List<ServerReference> of(AsyncAPI document, @Nullable URI address) {
		Map<String, Server> all = new TreeMap<>(Objects.requireNonNullElse(document.getServers(), Map.of()));
		List<String> names = new ArrayList<>();
		all.forEach((name, server) -> {
			if (server.getProtocol() != null && PROTOCOLS.contains(server.getProtocol())) {
				names.add(name);
			}
		});
		if (names.isEmpty() && address != null) {
			String name = Names.free("realtime", all.keySet());
			all.put(name, server(address));
			document.setServers(all);
			names.add(name);
		}
		return names.stream().map(ServerReference::fromServer).toList();
	}

	private static Server server(URI address) {
		return Server.builder()
			.host(address.getRawAuthority())
			.pathname(address.getRawPath().isEmpty() ? null : address.getRawPath())
			.protocol(address.getScheme())
			.description("STOMP 1.2 over WebSocket, with the subprotocol v12.stomp")
			.build();
	}

}
