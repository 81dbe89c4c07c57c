package dev.realtime.test.shop;

import dev.realtime.test.RealtimeTest;
import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.RealtimeTestExtension;
import dev.realtime.test.TestSubscription;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.user.SimpUserRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** The client finds the endpoint wherever the application has it. */
class EndpointsIT {

	@Nested
	@RealtimeTest(classes = Shop.class, properties = { "server.servlet.context-path=/shop",
			"spring.mvc.servlet.path=/mvc", "realtime.endpoint=/live" })
	class BelowPaths {

		@Test
		void theClientConnects(RealtimeTestClient client, @Autowired SimpMessagingTemplate template) {
			checkDelivery(client, template);
		}

	}

	@Nested
	@RealtimeTest(classes = Shop.class, properties = { "realtime.netty.port=0", "realtime.security.anonymous=true",
			"server.servlet.context-path=/shop" })
	class OnTheNettyListener {

		@Test
		void theClientConnects(RealtimeTestClient client, @Autowired SimpMessagingTemplate template) {
			checkDelivery(client, template);
			checkDelivery(client.asUser("ann"), template);
		}

		@Test
		void theServletContainerServesToo(RealtimeTestClient client, @Autowired SimpMessagingTemplate template,
				@Value("${local.server.port}") int port) {
			checkDelivery(client.withPort(port), template);
		}

	}

	@Nested
	@SpringBootTest(classes = Shop.class, properties = "realtime.broker=memory")
	@ExtendWith(RealtimeTestExtension.class)
	class WithoutAPort {

		@Test
		void theClientSaysWhatIsMissing(RealtimeTestClient client) {
			assertThatIllegalStateException().isThrownBy(client::connect).withMessageContaining("@RealtimeTest");
		}

		@Test
		void usersNeedTheKit(RealtimeTestClient client) {
			assertThatIllegalStateException().isThrownBy(() -> client.asUser("ann"))
				.withMessageContaining("RealtimeTestKit");
		}

	}

	@Nested
	@RealtimeTest(classes = Shop.class)
	@TestMethodOrder(MethodOrderer.MethodName.class)
	class AfterEachMethod {

		@Test
		void first(RealtimeTestClient client, @Autowired SimpUserRegistry users) {
			client.asUser("leaving").connect();
			assertThat(users.getUser("leaving")).isNotNull();
		}

		@Test
		void thenTheClientsAreGone(@Autowired SimpUserRegistry users) {
			assertThat(users.getUser("leaving")).isNull();
		}

	}

	private static void checkDelivery(RealtimeTestClient client, SimpMessagingTemplate template) {
		TestSubscription order = client.subscribe("order.e1");
		template.convertAndSend("/topic/order.e1", "packed");
		assertThat(order.awaitMessage().text()).isEqualTo("packed");
	}

}
