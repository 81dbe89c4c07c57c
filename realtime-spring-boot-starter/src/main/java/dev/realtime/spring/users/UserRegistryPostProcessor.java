package dev.realtime.spring.users;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.ApplicationContext;
import org.springframework.messaging.simp.user.MultiServerUserRegistry;
import org.springframework.messaging.simp.user.SimpUserRegistry;

/** Puts the registry of the fleet in the place of the one of this node. */
final class UserRegistryPostProcessor implements BeanPostProcessor {

	private static final Logger logger = LoggerFactory.getLogger(UserRegistryPostProcessor.class);

	private final ApplicationContext context;

	UserRegistryPostProcessor(ApplicationContext context) {
		this.context = context;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String name) {
		if (!name.equals("userRegistry") || !(bean instanceof SimpUserRegistry registry)) {
			return bean;
		}
		if (registry instanceof MultiServerUserRegistry) {
			logger.warn("realtime.user-registry.fleet-wide is not used: the application has called "
					+ "setUserRegistryBroadcast(…) on its broker relay, which already shares the users of all nodes");
			return bean;
		}
		return this.context.getBean(FleetRoster.class).begin(registry);
	}

}
