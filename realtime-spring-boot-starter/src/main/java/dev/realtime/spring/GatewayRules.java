package dev.realtime.spring;

import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * What gateways and the nodes that take their SENDs need. What is not supported fails the
 * start: a gateway that seems to work and hands nothing on would be worse.
 */
final class GatewayRules implements SmartInitializingSingleton {

	private static final Logger logger = LoggerFactory.getLogger(GatewayRules.class);

	private static final Set<RelayProperties.Type> RELAYS = Set.of(RelayProperties.Type.AUTO,
			RelayProperties.Type.REDIS);

	private final BeanFactory beans;

	private final RoleProperties role;

	private final boolean hasSecret;

	GatewayRules(BeanFactory beans, RoleProperties role, GatewayProperties gateway, RealtimeProperties properties,
			RelayProperties relay) {
		this.beans = beans;
		this.role = role;
		this.hasSecret = gateway.secret() != null;
		boolean isGateway = role.role() == Role.GATEWAY;
		check(!isGateway || gateway.secret() != null, "needs realtime.gateway.secret, the same as on the nodes of the "
				+ "application: 32 characters or more");
		if (isGateway || gateway.secret() != null) {
			check(properties.broker() == RealtimeProperties.BrokerKind.AUTO
					|| properties.broker() == RealtimeProperties.BrokerKind.REDIS,
					"needs Redis between gateways and nodes, and so does realtime.gateway.secret; remove realtime.broker");
			check(properties.redis().shards() == null,
					"needs one Redis, and so does realtime.gateway.secret; remove realtime.redis.shards");
			check(RELAYS.contains(relay.type()),
					"needs Redis between gateways and nodes, and so does realtime.gateway.secret; remove realtime.relay.type");
		}
	}

	/** When it is known what the application has. */
	@Override
	public void afterSingletonsInstantiated() {
		if (this.role.role() == Role.GATEWAY) {
			check(this.beans.containsBean("realtimeGateway"),
					"needs a servlet web server, whose connections it holds; remove spring.main.web-application-type");
			check(this.beans.containsBean("realtimeFleetRedis"), "needs Redis; set spring.data.redis.host");
		}
		else if (this.hasSecret && !this.beans.containsBean("realtimeApplicationNode")) {
			logger.warn(
					"{} is set, but this node accepts no messages from gateways, because it has no servlet "
							+ "web server; remove the secret, or spring.main.web-application-type",
					GatewayProperties.SECRET);
		}
	}

	private void check(boolean legal, String why) {
		PropertyBounds.check(legal, Role.PROPERTY, this.role.role().word(), why);
	}

}
