package dev.realtime.spring;

import java.util.LinkedHashSet;
import java.util.Set;

import dev.realtime.TopicPolicies;
import dev.realtime.broker.Broker;
import dev.realtime.broker.RegionalBroker;
import dev.realtime.loop.Loops;
import dev.realtime.region.Bridge;
import dev.realtime.region.RegionBroker;
import dev.realtime.region.RegionOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Makes the fleet's broker that of a region, for {@code realtime.region}. What cannot be
 * one fails the start: a fleet that seems to share topics and does not would be worse.
 */
final class FleetRegions implements SmartInitializingSingleton {

	private final RegionsProperties regions;

	private final RealtimeProperties properties;

	private final @Nullable String own;

	private final ObjectProvider<Bridge> bridges;

	private final ObjectProvider<Broker> brokers;

	FleetRegions(RegionProperties region, RegionsProperties regions, RealtimeProperties properties,
			ObjectProvider<Bridge> bridges, ObjectProvider<Broker> brokers) {
		this.own = region.region();
		this.regions = regions;
		this.properties = properties;
		this.bridges = bridges;
		this.brokers = brokers;
		if (this.own == null) {
			properties.topics()
				.forEach((name, rule) -> PropertyBounds.check(rule.home() == null, "realtime.topics." + name + ".home",
						rule.home(), "needs realtime.region, the region of this fleet"));
			return;
		}
		check(regions.names().size() >= 2 && regions.names().contains(this.own),
				"must be one of realtime.regions.names, which must be two or more");
		check(!properties.usesDatabase(), "needs topics in Redis; remove realtime.log=jdbc and realtime.broker=jdbc");
		check(properties.redis().shards() == null, "needs one Redis in each region; remove realtime.redis.shards");
		check(properties.redis().continuing() == null,
				"does not keep its epochs across a failover of Redis; remove realtime.redis.failover=continue");
	}

	/** The broker itself, or the region's around it, which owns it. */
	Broker around(RegionalBroker broker, boolean cluster, TopicPolicies policies, Loops loops) {
		if (this.own == null) {
			return broker;
		}
		check(!cluster, "needs one Redis in each region, and not a Redis Cluster");
		Bridge bridge = this.bridges.getIfAvailable(() -> {
			throw new InvalidRealtimePropertyException(RegionProperties.PROPERTY, this.own,
					"needs org.apache.kafka:kafka-clients on the class path");
		});
		return new RegionBroker(options(this.own), broker, bridge, policies, loops);
	}

	RegionOptions options(String region) {
		Set<String> others = new LinkedHashSet<>(this.regions.names());
		others.remove(region);
		return new RegionOptions(region, others, new TopicHomes(this.properties, this.regions), this.regions.timeout(),
				this.regions.compareInterval(), this.regions.compareAllInterval(), this.regions.pending());
	}

	/** When it is known which broker the application has. */
	@Override
	public void afterSingletonsInstantiated() {
		if (this.own != null) {
			Broker broker = this.brokers.getIfAvailable();
			check(broker != null && broker.unwrap(RegionBroker.class) != null,
					"needs topics in Redis; set spring.data.redis.host, and remove the application's Broker bean");
		}
	}

	private void check(boolean legal, String why) {
		PropertyBounds.check(legal, RegionProperties.PROPERTY, this.own, why);
	}

}
