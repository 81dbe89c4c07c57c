package dev.realtime.spring.security;

import dev.realtime.spring.RealtimeProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;

/** Says at startup, one sentence each, what is open because nothing closes it. */
final class OpenEntryPoints implements SmartInitializingSingleton {

	private static final Logger logger = LoggerFactory.getLogger(OpenEntryPoints.class);

	private static final String OURS = "dev.realtime.spring.";

	private final TopicAuthorization topics;

	private final InboundInterceptors interceptors;

	private final RealtimeProperties properties;

	OpenEntryPoints(TopicAuthorization topics, InboundInterceptors interceptors, RealtimeProperties properties) {
		this.topics = topics;
		this.interceptors = interceptors;
		this.properties = properties;
	}

	@Override
	public void afterSingletonsInstantiated() {
		if (!this.topics.isOpen()) {
			return;
		}
		if (this.interceptors.authorize()) {
			if (this.properties.http().enabled()) {
				logger.error("Topics cannot be read over HTTP: Spring Security authorizes what clients send over "
						+ "STOMP, but its AuthorizationManager<Message<?>> is not a bean. Declare it as a bean, or "
						+ "declare a TopicAccess bean");
			}
			return;
		}
		if (this.properties.unknownTopics() != null || this.topics.refusesUnknown()) {
			return;
		}
		if (this.interceptors.ofApplication(OURS).isEmpty()) {
			logger.warn("Every topic is open: all clients that may connect may subscribe to it and read its history "
					+ "and its members. Say who may with realtime.topics.<name>.read or realtime.topic-defaults.read, with "
					+ "Spring Security's message rules, or with a TopicAccess bean; realtime.unknown-topics=allow keeps "
					+ "the topics open without this warning");
		}
		for (String interceptor : this.interceptors.ofApplication(OURS)) {
			logger.warn("Messages and presence can be read over HTTP by everyone whom HTTP security lets in, and "
					+ "by wildcard subscriptions, but {} may refuse subscriptions. Declare a TopicAccess bean that "
					+ "decides the same, or realtime.topics.<name>.read, or set realtime.http.enabled=false",
					interceptor);
		}
	}

}
