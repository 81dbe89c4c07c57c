package dev.realtime.test;

import dev.realtime.spring.security.ConnectAuthenticators;

import org.springframework.beans.factory.config.BeanPostProcessor;

/** Decorates beans of the starter. */
final class KitPostProcessor implements BeanPostProcessor {

	private final TestUsers users;

	KitPostProcessor(TestUsers users) {
		this.users = users;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		return (bean instanceof ConnectAuthenticators all) ? all.after(this.users::authenticate) : bean;
	}

}
