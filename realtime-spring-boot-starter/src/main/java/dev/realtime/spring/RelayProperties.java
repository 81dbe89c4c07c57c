package dev.realtime.spring;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.relay}: what carries messages between the nodes.
 *
 * @param type the engine: auto (where topics are kept), redis, nats, rabbit, kafka,
 * postgres or local (this node alone); the same on all nodes
 * @param movingFrom the engine that the fleet still has, while its nodes are moved to
 * another type one by one; removed when all are
 * @param subscriptions what a node subscribes to in Redis: the topics that its clients
 * follow, or all partitions; the same on all nodes
 * @param nats the relay over NATS
 * @param rabbit the relay over RabbitMQ
 * @param kafka the relay over Kafka
 */
@ConfigurationProperties("realtime.relay")
public record RelayProperties(@DefaultValue("auto") Type type, @Nullable Type movingFrom,
		@DefaultValue("topics") Subscriptions subscriptions,
		@NestedConfigurationProperty @DefaultValue NatsProperties nats,
		@NestedConfigurationProperty @DefaultValue RabbitProperties rabbit,
		@NestedConfigurationProperty @DefaultValue KafkaProperties kafka) {

	/** The name of {@link #type()}. */
	static final String TYPE = "realtime.relay.type";

	/** The name of {@link #movingFrom()}. */
	static final String MOVING_FROM = "realtime.relay.moving-from";

	public RelayProperties {
		PropertyBounds.check(movingFrom != Type.AUTO, MOVING_FROM, "auto",
				"must name the fleet's previous relay, such as redis");
	}

	/** What carries messages between the nodes. */
	public enum Type {

		/**
		 * Redis where topics are kept in Redis, PostgreSQL where all is kept there, else
		 * this node alone.
		 */
		AUTO,

		/** Publish/subscribe of the Redis that keeps the topics. */
		REDIS,

		/** NATS, with io.nats:jnats on the class path. */
		NATS,

		/** RabbitMQ, with com.rabbitmq:amqp-client on the class path. */
		RABBIT,

		/** Kafka, with org.apache.kafka:kafka-clients on the class path. */
		KAFKA,

		/** PostgreSQL's LISTEN and NOTIFY, with realtime.broker=jdbc. */
		POSTGRES,

		/** This node alone: other nodes find messages when they compare with the log. */
		LOCAL

	}

	/** What a node subscribes to in Redis. */
	public enum Subscriptions {

		/** One subscription for each topic that a client of the node follows. */
		TOPICS,

		/** All partitions, once; the node leaves out what its clients do not follow. */
		PARTITIONS

	}

}
