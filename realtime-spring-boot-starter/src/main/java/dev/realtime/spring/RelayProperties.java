package dev.realtime.spring;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.relay}: how messages travel between nodes.
 *
 * @param subscriptions what a node subscribes to: the topics that its clients follow, or
 * all partitions; the same on all nodes
 */
@ConfigurationProperties("realtime.relay")
public record RelayProperties(@DefaultValue("topics") Subscriptions subscriptions) {

	/** What a node subscribes to. */
	public enum Subscriptions {

		/** One subscription for each topic that a client of the node follows. */
		TOPICS,

		/** All partitions, once; the node leaves out what its clients do not follow. */
		PARTITIONS

	}

}
