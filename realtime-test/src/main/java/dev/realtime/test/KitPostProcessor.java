package dev.realtime.test;

import dev.realtime.broker.MemoryBroker;
import dev.realtime.loop.Loops;
import dev.realtime.spring.publisher.GuardedPublisher;
import dev.realtime.spring.security.ConnectAuthenticators;

import org.springframework.beans.factory.config.BeanPostProcessor;

/** Decorates beans of the starter. */
final class KitPostProcessor implements BeanPostProcessor {

	private final TestUsers users;

	private final PublicationLog publications;

	private final MovableEnvironment environment;

	KitPostProcessor(TestUsers users, PublicationLog publications, MovableEnvironment environment) {
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
			return new FaultyBroker(broker, this.environment);
		}
		return bean;
	}

}
