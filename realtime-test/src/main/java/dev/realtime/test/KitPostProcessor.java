package dev.realtime.test;

import dev.realtime.broker.Broker;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.loop.Loops;
import dev.realtime.spring.publisher.GuardedPublisher;
import dev.realtime.spring.security.ConnectAuthenticators;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Decorates beans of the starter. */
final class KitPostProcessor implements BeanPostProcessor {

	/** The starter's own broker, whichever it is. */
	private static final String BROKER = "realtimeBroker";

	private final BeanFactory beans;

	private final TestUsers users;

	private final PublicationLog publications;

	private final MovableEnvironment environment;

	KitPostProcessor(BeanFactory beans, TestUsers users, PublicationLog publications, MovableEnvironment environment) {
		this.beans = beans;
		this.environment = environment;
		this.users = users;
		this.publications = publications;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof ConnectAuthenticators all) {
			return all.after(this.users::authenticate);
		}
		if (bean instanceof GuardedPublisher engine) {
			return this.publications.observe(engine);
		}
		if (bean instanceof Loops) {
			return new Loops(this.environment, Loops.STALLED_AFTER);
		}
		if (bean instanceof MemoryBroker broker) {
			ReplaceableBroker replaceable = new ReplaceableBroker(broker, this.environment);
			return new FaultyBroker(replaceable, replaceable::replace);
		}
		if (beanName.equals(BROKER) && bean instanceof Broker broker) {
			return new FaultyBroker(broker, this::loseInRedis);
		}
		return bean;
	}

	private void loseInRedis() {
		if (!FleetKeys.existIn(this.beans)) {
			throw new IllegalStateException("RealtimeFaults.loseNumbering needs topics in memory or in Redis. This "
					+ "application has them in its database, whose topics keep their numbering: set "
					+ "realtime.broker=memory without realtime.log=jdbc for this test, or realtime.broker=redis");
		}
		FleetKeys.delete(this.beans);
	}

}
