package dev.realtime.test.shop;

import java.security.Principal;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.annotation.SendToUser;
import org.springframework.stereotype.Controller;

/** A service such as those that are tested with the kit. */
@SpringBootConfiguration
@WithoutSecurity
@Import(Shop.Orders.class)
class Shop {

	/** What is told about an order. */
	record Step(String what, int items) {
	}

	@Controller
	static class Orders {

		private final SimpMessagingTemplate template;

		Orders(SimpMessagingTemplate template) {
			this.template = template;
		}

		@MessageMapping("/orders/{id}/pack")
		void pack(@DestinationVariable String id, @Payload Step step) {
			this.template.convertAndSend("/topic/order." + id, step);
		}

		@MessageMapping("/greet")
		@SendToUser("/queue/greetings")
		String greet(Principal user) {
			return "Hello " + user.getName();
		}

	}

}
