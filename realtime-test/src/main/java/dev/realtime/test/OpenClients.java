package dev.realtime.test;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.springframework.context.ApplicationContext;

/** The clients of one test method, or of one client and those made of it. */
final class OpenClients {

	@GuardedBy("this")
	private final List<RealtimeTestClient> clients = new ArrayList<>();

	/** Is the beginning of the marks of all their connections. */
	private final String mark = UUID.randomUUID() + "/";

	private final AtomicInteger connections = new AtomicInteger();

	private final Departures departures = new Departures();

	/** Makes a client that is closed with the others. */
	RealtimeTestClient make(ApplicationContext application) {
		return add(new RealtimeTestClient(ClientSettings.of(application), this));
	}

	synchronized RealtimeTestClient add(RealtimeTestClient client) {
		this.clients.add(client);
		return client;
	}

	/** Returns the mark of the next connection. */
	String nextMark() {
		return this.mark + this.connections.incrementAndGet();
	}

	/** Returns a connection that is about to end, while its client goes on. */
	TestConnection ending(TestConnection connection) {
		ServerSide serverSide = connection.serverSide();
		if (serverSide != null) {
			this.departures.add(serverSide);
		}
		return connection;
	}

	/**
	 * Closes those that were made until now, and waits until the applications that they
	 * were connected to have nothing of their connections any more.
	 * @param first one that was made, and may have connected again since it was closed
	 * @throws AssertionError if they still have after some seconds
	 */
	void close(RealtimeTestClient first) {
		Set<RealtimeTestClient> all = new LinkedHashSet<>();
		synchronized (this) {
			all.addAll(this.clients);
			all.add(first);
			this.clients.clear();
		}
		all.stream()
			.map(RealtimeTestClient::application)
			.distinct()
			.flatMap((each) -> ServerSide.findAll(each, (found) -> found.startsWith(this.mark)).stream())
			.forEach(this.departures::add);
		all.forEach(RealtimeTestClient::leave);
		this.departures.await(ClientSettings.PATIENCE);
	}

}
