package dev.realtime.spring.security;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.InterceptableChannel;
import org.springframework.util.function.SingletonSupplier;

/**
 * The interceptors of what clients send. Looks them up once, at the first question, which
 * must not come before the context has made its beans.
 */
final class InboundInterceptors {

	private static final String INBOUND = "clientInboundChannel";

	/** Spring Security's interceptors that authorize messages are in this package. */
	private static final String AUTHORIZING = "org.springframework.security.messaging.access.intercept.";

	private final BeanFactory beans;

	private final Supplier<Boolean> authorize = SingletonSupplier
		.of(() -> names().anyMatch((name) -> name.startsWith(AUTHORIZING)));

	InboundInterceptors(BeanFactory beans) {
		this.beans = beans;
	}

	/** Whether Spring Security authorizes what clients send. */
	boolean authorize() {
		return this.authorize.get();
	}

	/**
	 * Returns the class names of those that are neither Spring's nor ours.
	 * @param ours what the names of ours start with
	 */
	List<String> ofApplication(String ours) {
		return names().filter((name) -> !name.startsWith(ours) && !name.startsWith("org.springframework.")).toList();
	}

	private Stream<String> names() {
		if (!this.beans.containsBean(INBOUND)
				|| !(this.beans.getBean(INBOUND) instanceof InterceptableChannel channel)) {
			return Stream.empty();
		}
		return channel.getInterceptors().stream().map(ChannelInterceptor::getClass).map(Class::getName);
	}

}
