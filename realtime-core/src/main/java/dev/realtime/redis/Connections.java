package dev.realtime.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisChannelWriter;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.protocol.CommandExpiryWriter;
import io.lettuce.core.protocol.DefaultEndpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What Lettuce can do with a connection but does not offer on its interface. */
final class Connections {

	private static final Logger logger = LoggerFactory.getLogger(Connections.class);

	private Connections() {
	}

	/** Closes the socket, not the connection: Lettuce connects again by itself. */
	static void disconnect(StatefulConnection<?, ?> connection) {
		if (connection instanceof RedisChannelHandler<?, ?> handler
				&& unwrap(handler.getChannelWriter()) instanceof DefaultEndpoint endpoint) {
			logger.warn("Redis does not answer on an open connection; reconnecting");
			endpoint.disconnect();
		}
	}

	private static RedisChannelWriter unwrap(RedisChannelWriter writer) {
		return (writer instanceof CommandExpiryWriter expiring) ? expiring.getDelegate() : writer;
	}

}
