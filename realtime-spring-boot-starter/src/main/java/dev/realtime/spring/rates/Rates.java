package dev.realtime.spring.rates;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.Topic;
import dev.realtime.connection.Connection;
import dev.realtime.log.TopicLog;
import dev.realtime.rate.FleetRates;
import dev.realtime.spring.ClientAddress;
import dev.realtime.spring.RatesProperties;
import dev.realtime.stomp.StompFrame;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.local.SynchronizationStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Decides at every entry point whether a client may do now what it asks for, by token
 * buckets of its connection, its user and its address. Each method throws a
 * {@link RateLimitedException} if it may not. Not for applications.
 * <p>
 * Safe for any number of threads; does not block. A frame that is let through takes no
 * lock that connections share. To count it allocates nothing, but at every
 * {@value #PREPAID_FRAMES}th frame; to count a SEND or a SUBSCRIBE it allocates the state
 * of the user's and the address's bucket.
 */
public final class Rates {

	/** Frames for which the user's and the address's buckets are asked at once. */
	private static final int PREPAID_FRAMES = 16;

	/** The most that a rewind replays. */
	private static final long MOST_REPLAYS = TopicLog.MAX_PAGE;

	private static final RequestCost READ = new RequestCost(false, 0, 0);

	/** Destinations of SENDs that publish nothing begin with this. */
	private static final String CONTROL = "/realtime/";

	private final RatesProperties properties;

	private final ClientAddress addresses;

	private final RateTable ofConnections;

	private final Map<String, ConnectionRates> connections = new ConcurrentHashMap<>();

	private final ClientBuckets clients;

	/** Makes what decides. */
	public Rates(RatesProperties properties, ClientAddress addresses) {
		this(properties, addresses, TimeMeter.SYSTEM_NANOTIME);
	}

	Rates(RatesProperties properties, ClientAddress addresses, TimeMeter clock) {
		this.properties = properties;
		this.addresses = addresses;
		this.ofConnections = new RateTable(properties, 1, SynchronizationStrategy.SYNCHRONIZED, clock, false);
		this.clients = new ClientBuckets(properties, clock);
	}

	/**
	 * A client sends CONNECT; who it is, is not known yet.
	 * @param remote its address, as far as it is known
	 * @param cost what the request costs that it comes from, which its address has paid;
	 * null for a WebSocket
	 */
	public void connecting(Connection connection, @Nullable InetSocketAddress remote, @Nullable RequestCost cost) {
		if (this.properties.enabled()) {
			String address = of(connection, remote).address();
			if (cost == null) {
				pay(null, address, null);
			}
		}
	}

	/**
	 * A request over HTTP came that becomes a session. Its user pays with CONNECT.
	 * @param remote the client's address, as far as it is known
	 */
	public void requesting(@Nullable InetSocketAddress remote, RequestCost cost) {
		if (this.properties.enabled()) {
			pay(null, this.addresses.limited(remote), cost);
		}
	}

	/**
	 * It is known who sent CONNECT. A refusal counts for the address as well, so that
	 * clients who are not let in and come back again and again are refused at the
	 * handshake.
	 * @param connection the connection, or null if it has ended
	 * @param user the user, or null without one
	 * @param cost what the request costs that it comes from; null for a WebSocket
	 */
	public void connected(@Nullable Connection connection, @Nullable String user, @Nullable RequestCost cost) {
		if (!this.properties.enabled() || user == null) {
			return;
		}
		try {
			pay(user, null, cost);
		}
		catch (RateLimitedException ex) {
			ConnectionRates rates = (connection != null) ? this.connections.get(connection.id()) : null;
			boolean unused = this.clients.countRefusal((rates != null) ? rates.address() : null);
			throw ex;
		}
	}

	/** A frame came that is not a CONNECT, and not one of a request over HTTP. */
	public void frame(Connection connection, @Nullable InetSocketAddress remote, StompFrame frame) {
		if (!this.properties.enabled()) {
			return;
		}
		ConnectionRates rates = of(connection, remote);
		count(rates);
		switch (frame.command()) {
			case SEND -> {
				String destination = frame.header("destination");
				if (destination == null || !destination.startsWith(CONTROL)) {
					take(RateKind.PUBLISHES, 1, rates);
				}
			}
			case SUBSCRIBE -> {
				take(RateKind.SUBSCRIBES, 1, rates);
				long replays = replays(frame);
				if (replays > 0) {
					take(RateKind.REPLAYS, replays, rates);
				}
			}
			default -> {
				// Counted as a frame.
			}
		}
	}

	/** A client subscribes to a topic that this node does not follow. */
	public void subscribesToNew(Connection connection) {
		ConnectionRates rates = this.connections.get(connection.id());
		if (rates != null) {
			take(RateKind.NEW_TOPICS, 1, rates);
		}
	}

	/** A client sends to a topic that this node does not follow. */
	public void sendsToNew(Connection connection, Topic topic) {
		ConnectionRates rates = this.connections.get(connection.id());
		if (rates != null && !rates.sendsAgain(topic.name())) {
			take(RateKind.NEW_TOPICS, 1, rates);
		}
	}

	/** A recovery replays so many messages: from a debt on, no other begins. */
	public void recovered(Connection connection, int messages) {
		ConnectionRates rates = this.connections.get(connection.id());
		if (rates != null) {
			this.clients.owe(RateKind.REPLAYS, messages, rates.buckets(), rates.user(), rates.address());
		}
	}

	/**
	 * A request over HTTP came that does not become a session.
	 * @param user who sends it, or null without a user
	 * @param remote the client's address, as far as it is known
	 * @param messages how many messages of a log it asks for
	 */
	public void read(@Nullable String user, @Nullable InetSocketAddress remote, long messages) {
		if (this.properties.enabled()) {
			pay(user, this.addresses.limited(remote), (messages > 0) ? new RequestCost(false, 0, messages) : READ);
		}
	}

	/**
	 * Whether an address was refused too often and is not let in for now.
	 * @param address as {@link ClientAddress} names it
	 */
	boolean isRefused(String address) {
		return this.clients.isRefused(address);
	}

	/** Returns what keeps users' rates the same on all nodes. */
	FleetExchange with(FleetRates fleet) {
		return new FleetExchange(fleet, this.clients);
	}

	/** Forgets the connections, users and addresses that have done nothing lately. */
	void sweep() {
		this.connections.values().removeIf(ConnectionRates::isUnused);
		this.clients.sweep();
	}

	/** Of how many connections, users and addresses something is kept. */
	int size() {
		return this.connections.size() + this.clients.size();
	}

	private void pay(@Nullable String user, @Nullable String address, @Nullable RequestCost cost) {
		this.clients.checkLetIn(user, address);
		if (cost == null) {
			this.clients.take(RateKind.CONNECTS, 1, null, user, address);
			return;
		}
		this.clients.take(cost.send() ? RateKind.PUBLISHES : RateKind.READS, 1, null, user, address);
		if (cost.topics() > 0) {
			this.clients.take(RateKind.SUBSCRIBES, cost.topics(), null, user, address);
		}
		if (cost.replays() > 0) {
			this.clients.take(RateKind.REPLAYS, cost.replays(), null, user, address);
		}
	}

	private void count(ConnectionRates rates) {
		this.clients.take(RateKind.FRAMES, 1, rates.buckets(), null, null);
		if (!rates.takePrepaid()) {
			this.clients.take(RateKind.FRAMES, PREPAID_FRAMES, null, rates.user(), rates.address());
			rates.prepay(PREPAID_FRAMES - 1);
		}
	}

	private void take(RateKind kind, long tokens, ConnectionRates rates) {
		this.clients.take(kind, tokens, rates.buckets(), rates.user(), rates.address());
	}

	private ConnectionRates of(Connection connection, @Nullable InetSocketAddress remote) {
		ConnectionRates known = this.connections.get(connection.id());
		if (known != null) {
			return known;
		}
		ConnectionRates made = new ConnectionRates(connection, this.addresses.limited(remote),
				new Buckets(this.ofConnections));
		known = this.connections.putIfAbsent(connection.id(), made);
		return (known != null) ? known : made;
	}

	/**
	 * How many messages a SUBSCRIBE asks for. What a recovery replays is known later; it
	 * does not begin while there is a debt.
	 */
	private static long replays(StompFrame frame) {
		if (frame.header("last-seq") != null) {
			return 1;
		}
		String rewind = frame.header("rewind");
		if (rewind == null) {
			return 0;
		}
		try {
			return Math.max(0, Math.min(MOST_REPLAYS, Long.parseLong(rewind.strip())));
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

}
