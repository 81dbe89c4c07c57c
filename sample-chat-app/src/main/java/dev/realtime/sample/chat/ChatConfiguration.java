package dev.realtime.sample.chat;

import dev.realtime.spring.security.TopicAccess;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

/** Who is who, and who may read what; all else of the messaging is the starter's. */
@Configuration(proxyBeanMethods = false)
class ChatConfiguration implements WebSocketMessageBrokerConfigurer {

	@Override
	public void configureClientInboundChannel(ChannelRegistration registration) {
		registration.interceptors(new NameInterceptor());
	}

	/** Rooms are public: everybody may read their history and see who is there. */
	@Bean
	TopicAccess roomsAreOpen() {
		return (user, topic) -> topic.name().startsWith("room.");
	}

}
