package dev.realtime.spring.webhook;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.connection.Connection;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.connection.Subscriber;
import dev.realtime.connection.TransportKind;
import dev.realtime.loop.Environment;
import dev.realtime.spring.WebhookEvent;

/**
 * Tells webhooks of clients that connect and disconnect; a node has it only if a webhook
 * is told of them. A request over HTTP that ends with its answer is no client. Called on
 * shards; does not block.
 */
final class ClientEvents implements ConnectionListener {

	private static final Set<TransportKind> REQUESTS = Set.of(TransportKind.POLL, TransportKind.SEND);

	private final Webhooks webhooks;

	private final String node;

	private final Environment environment;

	/** Those that were told of: one that ends may never have been connected. */
	private final Set<Connection> connected = ConcurrentHashMap.newKeySet();

	ClientEvents(Webhooks webhooks, String node, Environment environment) {
		this.webhooks = webhooks;
		this.node = node;
		this.environment = environment;
	}

	@Override
	public void onConnected(Connection connection) {
		if (!REQUESTS.contains(connection.transport()) && this.connected.add(connection)) {
			tell(WebhookEvent.CLIENT_CONNECTED, connection);
		}
	}

	@Override
	public void onClosed(Connection connection) {
		if (this.connected.remove(connection)) {
			tell(WebhookEvent.CLIENT_DISCONNECTED, connection);
		}
	}

	private void tell(WebhookEvent event, Connection connection) {
		this.webhooks.offer(Happening.ofClient(event, connection, this.node, this.environment.clock().instant()));
	}

	@Override
	public void onLive(Subscriber subscriber) {
		// Topics have events of their own.
	}

	@Override
	public void onEnd(Subscriber subscriber) {
		// Topics have events of their own.
	}

}
