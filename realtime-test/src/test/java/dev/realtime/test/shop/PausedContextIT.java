package dev.realtime.test.shop;

import java.lang.reflect.Method;

import dev.realtime.test.RealtimeTest;
import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.TestSubscription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Spring Framework 7 pauses a context that a test class has used, until the next one uses
 * it: the node goes on.
 */
@RealtimeTest(classes = Shop.class)
class PausedContextIT {

	@Test
	@EnabledIf("pauses")
	void theNodeServesAfterAPause(RealtimeTestClient client, @Autowired ConfigurableApplicationContext application,
			@Autowired SimpMessagingTemplate template) {
		call(application, "pause");
		call(application, "restart");
		TestSubscription order = client.subscribe("order.paused");
		template.convertAndSend("/topic/order.paused", "packed");
		assertThat(order.awaitMessage().text()).isEqualTo("packed");
	}

	static boolean pauses() {
		return ReflectionUtils.findMethod(ConfigurableApplicationContext.class, "pause") != null;
	}

	private static void call(ConfigurableApplicationContext application, String name) {
		Method method = ReflectionUtils.findMethod(ConfigurableApplicationContext.class, name);
		assertThat(method).isNotNull();
		ReflectionUtils.invokeMethod(method, application);
	}

}
