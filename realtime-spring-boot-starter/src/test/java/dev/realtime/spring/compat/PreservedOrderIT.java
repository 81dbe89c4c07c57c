package dev.realtime.spring.compat;

import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

/** An application that asks Spring to keep the order of what comes and goes. */
class PreservedOrderIT {

	@Test
	void usersAndTopicsAreReachedAllTheSame() {
		try (ConfigurableApplicationContext application = ExistingApplication.startWith(Ordered.class,
				"realtime.broker=memory")) {
			try (StompUser ann = StompUser.connect(ExistingApplication.port(application), "ann")) {
				Inbox topic = ann.subscribed("/topic/ordered");
				Inbox answers = ann.subscribed("/user/queue/answers");
				SimpMessagingTemplate template = application.getBean(SimpMessagingTemplate.class);
				template.convertAndSend("/topic/ordered", "one");
				topic.awaitTexts("one");
				template.convertAndSendToUser("ann", "/queue/answers", "two");
				answers.awaitTexts("two");
				ann.send("/app/answer.all", "three");
				ann.send("/app/answer.me", "four");
				answers.awaitTexts("two", "all: three", "me: four");
			}
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Ordered {

		@Bean
		WebSocketMessageBrokerConfigurer ordered() {
			return new WebSocketMessageBrokerConfigurer() {

				@Override
				public void registerStompEndpoints(StompEndpointRegistry registry) {
					registry.setPreserveReceiveOrder(true);
				}

				@Override
				public void configureMessageBroker(MessageBrokerRegistry registry) {
					registry.setPreservePublishOrder(true);
				}

			};
		}

	}

}
