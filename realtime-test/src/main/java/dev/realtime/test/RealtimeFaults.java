package dev.realtime.test;

import java.util.ArrayList;
import java.util.List;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.broker.Broker;

import org.springframework.context.ApplicationContext;

/**
 * Faults of production, made in one call. A {@link RealtimeTest} gives it to a method as
 * parameter, and ends what is not ended when the method does. The fault of one client is
 * its own: {@link RealtimeTestClient#cut()}.
 * <p>
 * They work where the application keeps its topics by itself
 * ({@code realtime.broker=memory} without a durable log). Elsewhere the test gets an
 * {@link IllegalStateException} in the place of the parameter, as the fault is then to be
 * made on the server: stop it, or delete its keys.
 */
public final class RealtimeFaults implements AutoCloseable {

	private final FaultyBroker broker;

	@GuardedBy("this")
	private final List<Outage> outages = new ArrayList<>();

	private RealtimeFaults(FaultyBroker broker) {
		this.broker = broker;
	}

	/**
	 * Returns the faults of an application that runs in this JVM and has the
	 * {@link RealtimeTestKit}; close it at the end.
	 * @throws IllegalStateException if the application does not keep its topics by itself
	 */
	public static RealtimeFaults of(ApplicationContext application) {
		if (application.getBean(Broker.class) instanceof FaultyBroker broker) {
			return new RealtimeFaults(broker);
		}
		throw new IllegalStateException("RealtimeFaults works only with realtime.broker=memory and the test kit; with "
				+ "another broker cause the fault on its server: stop it, or delete its keys");
	}

	/**
	 * Loses what is announced from now on, as a relay does that is away: messages are
	 * stored, and subscribers do not get them. When the outage is closed the node hears
	 * that the relay is back, and repairs from the log.
	 */
	public Outage loseAnnouncements() {
		return begin(this.broker.gate().lose());
	}

	/**
	 * Holds what is announced from now on, as a relay does that is late. When the outage
	 * is closed everything arrives in its order.
	 */
	public Outage holdAnnouncements() {
		return begin(this.broker.gate().hold());
	}

	/**
	 * Loses the numbering and the history of all topics, as a Redis does that comes back
	 * empty: each topic begins a new epoch at 1. Subscribers are told by a gap with the
	 * reason {@code epoch-changed}, and whoever comes back from an old position by
	 * {@code recovered:false} with that reason.
	 */
	public void loseNumbering() {
		this.broker.loseNumbering();
	}

	private synchronized Outage begin(Outage outage) {
		this.outages.add(outage);
		return outage;
	}

	/** Ends all outages; idempotent. */
	@Override
	public void close() {
		List<Outage> all;
		synchronized (this) {
			all = List.copyOf(this.outages);
			this.outages.clear();
		}
		all.forEach(Outage::close);
	}

	/** A fault that lasts until it is closed. */
	@FunctionalInterface
	public interface Outage extends AutoCloseable {

		/** Ends it; idempotent. */
		@Override
		void close();

	}

}
