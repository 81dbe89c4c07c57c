package dev.realtime.sample.chat;

import dev.realtime.TopicPolicies;
import dev.realtime.spring.Destinations;
import dev.realtime.spring.security.ReadAccess;
import dev.realtime.spring.security.TopicAccess;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

/** The same lock on both doors; all else of the messaging is the starter's. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class ChatConfiguration implements WebSocketMessageBrokerConfigurer {

	private final TopicAccess access = new ChatAccess();

	private final ReadAccess readAccess;

	private final Destinations destinations;

	ChatConfiguration(TopicPolicies policies, Destinations destinations) {
		this.readAccess = new ReadAccess(policies, this.access, destinations);
		this.destinations = destinations;
	}

	@Override
	public void configureClientInboundChannel(ChannelRegistration registration) {
		registration.interceptors(new SubscribeInterceptor(this.readAccess, this.destinations));
	}

	@Bean
	TopicAccess topicAccess() {
		return this.access;
	}

}
