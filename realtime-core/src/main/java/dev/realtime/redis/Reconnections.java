package dev.realtime.redis;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

import io.lettuce.core.event.EventBus;
import io.lettuce.core.event.connection.ReconnectFailedEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;

/**
 * Listens to why Lettuce's own reconnection fails. Lettuce tells that in events of all
 * connections that share its threads, so those of other servers are left out where the
 * address is known.
 */
final class Reconnections {

	private static final Logger logger = LoggerFactory.getLogger(Reconnections.class);

	private final Disposable events;

	Reconnections(EventBus bus, @Nullable String address, ServerCondition condition) {
		this.events = bus.get()
			.ofType(ReconnectFailedEvent.class)
			.filter((event) -> address == null || address.equals(text(event.remoteAddress())))
			.subscribe((event) -> failed(event, condition),
					(end) -> logger.debug("Lettuce no longer reports failed reconnections", end));
	}

	private static void failed(ReconnectFailedEvent event, ServerCondition condition) {
		String sentence = RedisDiagnosis.of(event.getCause());
		if (sentence != null) {
			condition.away(sentence);
		}
		else {
			condition.here();
		}
	}

	private static @Nullable String text(@Nullable SocketAddress address) {
		return (address instanceof InetSocketAddress known) ? known.getHostString() + ':' + known.getPort() : null;
	}

	void close() {
		this.events.dispose();
	}

}
