package dev.realtime.spring.publisher;

import dev.realtime.RealtimePublisher;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.util.function.SingletonSupplier;

/**
 * Makes the bean of an interface with {@link TopicPublisher}. The definition has the
 * interface as a constructor argument and no code, so that it can be written down ahead
 * of time.
 *
 * @param <T> the interface
 */
public final class InterfacePublisherFactoryBean<T> implements FactoryBean<T> {

	private final Class<T> type;

	private final BeanFactory beans;

	/**
	 * Makes the factory of an interface's bean. It is public so that Spring writes the
	 * definition down in the package of the interface, which may be private to it.
	 * @param beans where the publisher and the converter are, asked at the first call
	 */
	public InterfacePublisherFactoryBean(Class<T> type, BeanFactory beans) {
		this.type = type;
		this.beans = beans;
	}

	@Override
	public T getObject() {
		return this.type.cast(
				new InterfacePublisher(this.type, bean(RealtimePublisher.class), bean(PayloadConverter.class)).proxy());
	}

	@Override
	public Class<?> getObjectType() {
		return this.type;
	}

	private <B> SingletonSupplier<B> bean(Class<B> type) {
		return SingletonSupplier.of(() -> this.beans.getBean(type));
	}

}
