package dev.realtime.spring.compat;

import java.security.Principal;

import dev.realtime.spring.security.ConnectAuthenticator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.simp.SimpMessagingTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/** Users whose names are as long as a name may be. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LongUserNamesIT {

	private final ConfigurableApplicationContext node = PlainNode.start(Users.class);

	@AfterAll
	void stop() {
		this.node.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "a", "\u6f22", "\u00e9", "=" })
	void rule11_aNameThatConnectTakesHasDestinationsOfItsOwn(String letter) {
		String name = letter.repeat(254);
		try (RawSocket ann = connect(name + '1'); RawSocket bob = connect(name + '2')) {
			SimpMessagingTemplate template = this.node.getBean(SimpMessagingTemplate.class);
			template.convertAndSendToUser(name + '1', "/queue/notices", "for ann");
			template.convertAndSendToUser(name + '2', "/queue/notices", "for bob");
			ann.await("for ann\0");
			bob.await("for bob\0");
			assertThat(ann.received()).doesNotContain("for bob");
			assertThat(bob.received()).doesNotContain("for ann").contains("\ndestination:/user/queue/notices\n");
		}
	}

	private RawSocket connect(String name) {
		RawSocket client = RawSocket.open(PlainNode.url(this.node), "login:" + name);
		client.send("SUBSCRIBE\nid:s\ndestination:/user/queue/notices\nreceipt:r\n\n\0");
		client.await("receipt-id:r");
		return client;
	}

	@Configuration(proxyBeanMethods = false)
	static class Users {

		/** Takes everybody at their word. */
		@Bean
		ConnectAuthenticator atTheirWord() {
			return (request) -> named(request.login());
		}

		private static @Nullable Principal named(@Nullable String name) {
			return (name != null) ? () -> name : null;
		}

	}

}
