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
 * Outages concern one node, the application's own, whether its topics are in its memory,
 * in Redis or in a database; other nodes of the fleet go on. An application with a
 * {@code Broker} bean of its own has no faults: the test gets an
 * {@link IllegalStateException} in the place of the parameter.
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
	 * @throws IllegalStateException if the application has another broker than the
	 * starter's, or not the kit
	 */
	public static RealtimeFaults of(ApplicationContext application) {
		Broker broker = application.getBean(Broker.class);
		FaultyBroker faulty = broker.unwrap(FaultyBroker.class);
		if (faulty != null) {
			return new RealtimeFaults(faulty);
		}
		throw new IllegalStateException("RealtimeFaults needs the starter's own broker and the test kit, and this "
				+ "application has a " + broker.getClass().getName()
				+ ". Remove its Broker bean from the test, or add a RealtimeTestKit to the application");
	}

	/**
	 * Loses what is announced from now on, as a relay does that is away: messages are
	 * stored, and subscribers of this node do not get them. When the outage is closed the
	 * node hears that the relay is back, and repairs from the log. A test that wants the
	 * node to find out by itself sets {@code realtime.repair.check-interval}, which the
	 * {@link RealtimeTestKit} makes an hour. What Redis or another relay still carries
	 * when the outage begins or ends may be lost or not.
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
	 * empty: each topic begins a new epoch at 1. Subscribers of this node are told by a
	 * gap with the reason {@code epoch-changed}, and whoever comes back from an old
	 * position by {@code recovered:false} with that reason. Ids of publications are
	 * forgotten.
	 * <p>
	 * In Redis this deletes the keys of the fleet's topics, and with them the presence of
	 * users, which nodes restore within {@code realtime.presence.refresh}. Keys that do
	 * not begin with {@code realtime.redis.prefix}, blocks and revocations stay. Other
	 * nodes learn of it with the next message of a topic or the next comparison with the
	 * log. Topics in a database ({@code realtime.log=jdbc}) keep their numbering.
	 * @throws IllegalStateException if all topics are in a database, or those that are
	 * not are in memory beside it
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
