package dev.realtime.spring.security;

import java.security.Principal;
import java.util.List;

import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.InterceptableChannel;

/**
 * Leaves the decision to the application's HTTP security. Warns at startup when the
 * application intercepts what clients send: that may be where it decides who may
 * subscribe, and HTTP would not ask there.
 */
class OpenTopicAccess implements TopicAccess, SmartInitializingSingleton {

	private static final Logger logger = LoggerFactory.getLogger(OpenTopicAccess.class);

	private static final String INBOUND = "clientInboundChannel";

	private static final String OURS = "dev.realtime.spring.";

	private final BeanFactory beans;

	OpenTopicAccess(BeanFactory beans) {
		this.beans = beans;
	}

	@Override
	public boolean mayRead(@Nullable Principal user, Topic topic) {
		return true;
	}

	@Override
	public void afterSingletonsInstantiated() {
		for (String interceptor : interceptors(OURS)) {
			logger.warn("Messages and presence can be read over HTTP by everyone whom HTTP security lets in, but "
					+ "{} may refuse subscriptions. Declare a TopicAccess bean that decides the same, or set "
					+ "realtime.http.enabled=false", interceptor);
		}
	}

	/** The class names of those interceptors that are neither Spring's nor ours. */
	List<String> interceptors(String ours) {
		if (!this.beans.containsBean(INBOUND)
				|| !(this.beans.getBean(INBOUND) instanceof InterceptableChannel channel)) {
			return List.of();
		}
		return channel.getInterceptors()
			.stream()
			.map(ChannelInterceptor::getClass)
			.map(Class::getName)
			.filter((name) -> !name.startsWith(ours) && !name.startsWith("org.springframework."))
			.toList();
	}

}
