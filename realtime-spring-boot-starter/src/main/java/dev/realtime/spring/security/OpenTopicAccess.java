package dev.realtime.spring.security;

import java.security.Principal;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.InterceptableChannel;
import org.springframework.util.function.SingletonSupplier;

/**
 * Leaves the decision to the application's HTTP security. Warns at startup when the
 * application intercepts what clients send: that may be where it decides who may
 * subscribe, and HTTP would not ask there. Denies everything when Spring Security's
 * interceptor authorizes messages by rules that are not a bean, because then there are
 * rules that HTTP cannot ask.
 */
class OpenTopicAccess implements TopicAccess, SmartInitializingSingleton {

	private static final Logger logger = LoggerFactory.getLogger(OpenTopicAccess.class);

	private static final String INBOUND = "clientInboundChannel";

	private static final String OURS = "dev.realtime.spring.";

	/** Spring Security's interceptors that authorize messages are in this package. */
	private static final String RULES = "org.springframework.security.messaging.access.intercept.";

	private final BeanFactory beans;

	private final Supplier<Boolean> rulesUnknown = SingletonSupplier
		.of(() -> names().anyMatch((name) -> name.startsWith(RULES)));

	OpenTopicAccess(BeanFactory beans) {
		this.beans = beans;
	}

	@Override
	public boolean mayRead(@Nullable Principal user, Topic topic) {
		return !hasUnknownRules();
	}

	@Override
	public void afterSingletonsInstantiated() {
		if (hasUnknownRules()) {
			logger.error("Messages and presence cannot be read over HTTP: Spring Security authorizes what clients send "
					+ "over STOMP, but its AuthorizationManager<Message<?>> is not a bean. Declare it as a bean, or "
					+ "declare a TopicAccess bean");
			return;
		}
		for (String interceptor : interceptors(OURS)) {
			logger.warn("Messages and presence can be read over HTTP by everyone whom HTTP security lets in, and "
					+ "by wildcard subscriptions, but {} may refuse subscriptions. Declare a TopicAccess bean that decides the same, or set "
					+ "realtime.http.enabled=false", interceptor);
		}
	}

	/** The class names of those interceptors that are neither Spring's nor ours. */
	List<String> interceptors(String ours) {
		return names().filter((name) -> !name.startsWith(ours) && !name.startsWith("org.springframework.")).toList();
	}

	private boolean hasUnknownRules() {
		return this.rulesUnknown.get();
	}

	private Stream<String> names() {
		if (!this.beans.containsBean(INBOUND)
				|| !(this.beans.getBean(INBOUND) instanceof InterceptableChannel channel)) {
			return Stream.empty();
		}
		return channel.getInterceptors().stream().map(ChannelInterceptor::getClass).map(Class::getName);
	}

}
