package dev.realtime.spring.compat;

import java.security.Principal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;

import org.springframework.context.event.EventListener;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.broker.BrokerAvailabilityEvent;
import org.springframework.web.socket.messaging.AbstractSubProtocolEvent;
import org.springframework.web.socket.messaging.SessionSubscribeEvent;

/** Remembers what Spring tells an application about its sessions. */
class SessionEvents {

	private final List<Seen> seen = new CopyOnWriteArrayList<>();

	private volatile boolean brokerAvailable;

	@EventListener
	void on(AbstractSubProtocolEvent event) {
		@Nullable Principal user = event.getUser();
		String what = event.getClass().getSimpleName();
		if (event instanceof SessionSubscribeEvent) {
			what += " " + SimpMessageHeaderAccessor.getDestination(event.getMessage().getHeaders());
		}
		this.seen.add(new Seen((user != null) ? user.getName() : "nobody", what));
	}

	@EventListener
	void on(BrokerAvailabilityEvent event) {
		this.brokerAvailable = event.isBrokerAvailable();
	}

	List<String> of(String user) {
		return this.seen.stream().filter((event) -> event.user().equals(user)).map(Seen::what).toList();
	}

	boolean isBrokerAvailable() {
		return this.brokerAvailable;
	}

	private record Seen(String user, String what) {

	}

}
