package dev.realtime.spring.testing;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Set;

import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.Broker;
import dev.realtime.broker.DelegatingBroker;
import dev.realtime.broker.RegionalBroker;
import dev.realtime.loop.Loops;
import dev.realtime.region.Bridge;
import dev.realtime.region.RegionBroker;
import dev.realtime.region.RegionOptions;

/** A broker that an application or a test puts in front of the starter's. */
public final class FrontBroker extends DelegatingBroker {

	private final Broker broker;

	private FrontBroker(Broker broker) {
		this.broker = broker;
	}

	/** Stands in front of a broker of the region {@code eu}, which is never started. */
	public static FrontBroker ofRegion() {
		RegionOptions options = new RegionOptions("eu", Set.of("us"), (topic) -> null, Duration.ofSeconds(5),
				Duration.ofSeconds(1), Duration.ofMinutes(1), 10);
		TopicPolicies policies = (topic) -> TopicPolicy.DEFAULT;
		return new FrontBroker(
				new RegionBroker(options, fake(RegionalBroker.class), fake(Bridge.class), policies, new Loops()));
	}

	@Override
	protected Broker delegate() {
		return this.broker;
	}

	/** Every number is 0, everything else is null. */
	private static <T> T fake(Class<T> type) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, args) -> (method.getReturnType() == int.class) ? 0
						: (method.getReturnType() == long.class) ? (Object) 0L : null));
	}

}
