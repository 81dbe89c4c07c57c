package dev.realtime.spring;

import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import dev.realtime.relay.LoopbackRelay;
import dev.realtime.relay.Relay;
import dev.realtime.relay.RelayAgreement;
import dev.realtime.relay.SharedRelay;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * The one place that decides which relay the brokers of this node have: a bean that is
 * there, which the configuration of each engine defines for its
 * {@code realtime.relay.type} and the application may define, or else the broker's own.
 */
final class FleetRelay {

	/** The name of a relay that the application has as a bean. */
	private static final String APPLICATIONS = "application";

	private final RelayProperties.Type type;

	private final RelayProperties.@Nullable Type movingFrom;

	/** What the brokers share; null for the broker's own. */
	private final @Nullable Relay separate;

	private final UnaryOperator<Relay> observing;

	/**
	 * Decides.
	 * @param observing returns the relay that observes what another one announces
	 * @throws InvalidRealtimePropertyException when what the type needs is not there
	 */
	FleetRelay(RelayProperties properties, RealtimeProperties.BrokerKind broker, ObjectProvider<Relay> beans,
			UnaryOperator<Relay> observing) {
		this.observing = observing;
		this.type = properties.type();
		this.movingFrom = properties.movingFrom();
		Relay bean = beans.getIfAvailable();
		if (bean != null) {
			this.separate = observing.apply(new SharedRelay(bean));
		}
		else {
			this.separate = switch (this.type) {
				case AUTO, REDIS -> null;
				case LOCAL -> new SharedRelay(new LoopbackRelay());
				case NATS -> throw missing("io.nats:jnats on the class path");
				case RABBIT -> throw missing("com.rabbitmq:amqp-client on the class path");
				case KAFKA -> throw missing("org.apache.kafka:kafka-clients on the class path");
				case POSTGRES -> {
					if (broker != RealtimeProperties.BrokerKind.JDBC) {
						throw missing("realtime.broker=jdbc");
					}
					yield null;
				}
			};
		}
	}

	/** The relay that is not part of a broker, or null; the brokers close it. */
	@Nullable Relay separate() {
		return this.separate;
	}

	/** The relay of a broker that has one of its own, unless there is another. */
	Relay or(Supplier<Relay> own) {
		return (this.separate != null) ? this.separate : this.observing.apply(own.get());
	}

	/**
	 * Checks that topics which this node keeps for itself are not to be carried to
	 * others.
	 */
	void checkAlone() {
		if (!isAlone()) {
			throw new InvalidRealtimePropertyException(RelayProperties.TYPE, name(),
					"needs topics that all nodes keep in one place, but this node keeps them in its memory; "
							+ ((this.type == RelayProperties.Type.REDIS) ? "set spring.data.redis.host"
									: "set realtime.broker=redis"));
		}
	}

	/**
	 * Checks that the relay fits a node that keeps everything in its database.
	 * @param fleet whether nodes are a fleet by that database
	 */
	void checkDatabase(boolean fleet) {
		if (this.type == RelayProperties.Type.REDIS) {
			throw new InvalidRealtimePropertyException(RelayProperties.TYPE, name(),
					"needs topics in Redis, and with realtime.broker=jdbc they are in the database; remove it");
		}
		if (!fleet && !isAlone()) {
			throw new InvalidRealtimePropertyException(RelayProperties.TYPE, name(),
					"needs PostgreSQL: only there do nodes with realtime.broker=jdbc form a fleet; remove it");
		}
	}

	/**
	 * Checks that this node has the relay of its fleet; blocks.
	 * @param own the name of the relay that the broker has by itself
	 * @param where what keeps the fleet's relay, such as Redis
	 */
	void agree(RelayAgreement.Store store, RelayProperties.Type own, String where) {
		String mine = (this.type != RelayProperties.Type.AUTO) ? name()
				: (this.separate != null) ? APPLICATIONS : name(own);
		RelayAgreement fleet = RelayAgreement.differing(store, mine,
				(this.movingFrom != null) ? name(this.movingFrom) : null);
		if (fleet != null) {
			boolean applications = fleet.relay().equals(APPLICATIONS);
			throw new InvalidRealtimePropertyException(RelayProperties.TYPE, mine, applications
					? "must be auto with the application's own Relay bean, as on the other nodes of the fleet, which "
							+ where + " knows; to give the fleet another relay, stop all nodes and "
							+ "delete its record (the key fleet below realtime.redis.prefix, or the row "
							+ "of realtime_fleet)"
					: "must be " + fleet.relay() + ", which " + where
							+ " knows from the other nodes of the fleet; to move the fleet to another relay set "
							+ RelayProperties.MOVING_FROM + '=' + fleet.relay());
		}
	}

	private boolean isAlone() {
		return this.type == RelayProperties.Type.AUTO || this.type == RelayProperties.Type.LOCAL;
	}

	private InvalidRealtimePropertyException missing(String what) {
		return new InvalidRealtimePropertyException(RelayProperties.TYPE, name(), "needs " + what);
	}

	private String name() {
		return name(this.type);
	}

	private static String name(RelayProperties.Type type) {
		return type.name().toLowerCase(Locale.ROOT);
	}

}
