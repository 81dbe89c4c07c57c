package dev.realtime.test;

import java.util.ArrayList;
import java.util.List;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.springframework.context.ApplicationContext;

/** The clients of one test method, or of one client and those made of it. */
final class OpenClients {

	@GuardedBy("this")
	private final List<RealtimeTestClient> clients = new ArrayList<>();

	/** Makes a client that is closed with the others. */
	RealtimeTestClient make(ApplicationContext application) {
		return add(new RealtimeTestClient(ClientSettings.of(application), this));
	}

	synchronized RealtimeTestClient add(RealtimeTestClient client) {
		this.clients.add(client);
		return client;
	}

	/** Closes those that were made until now. */
	void close() {
		List<RealtimeTestClient> all;
		synchronized (this) {
			all = List.copyOf(this.clients);
			this.clients.clear();
		}
		all.forEach(RealtimeTestClient::leave);
	}

}
