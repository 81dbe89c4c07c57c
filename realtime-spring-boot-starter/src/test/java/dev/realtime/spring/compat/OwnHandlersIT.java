package dev.realtime.spring.compat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.SubscribableChannel;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessagingTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application whose own message handlers take destinations that neither the broker nor
 * an annotated method knows.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnHandlersIT {

	private final ConfigurableApplicationContext application = ExistingApplication.startWith(OwnHandlers.class,
			"realtime.broker=memory", "realtime.drain.spread=0s");

	private final int port = ExistingApplication.port(this.application);

	@AfterAll
	void stop() {
		this.application.close();
	}

	@Test
	void whatTheyMayTakeIsNotRefusedAndItsReceiptComesOnce() {
		List<String> taken = this.application.getBean("inboundTaken", Taken.class).destinations;
		try (RawSocket ann = RawSocket.connect(this.port, "ann", "0,0")) {
			ann.send("SEND\ndestination:/legacy/orders\nreceipt:one\n\nhello\0");
			ann.send("SUBSCRIBE\nid:s\ndestination:/legacy/feed\nreceipt:two\n\n\0");
			ann.send("SEND\ndestination:/app/echo\nreceipt:three\n\nhello\0");
			ann.await("receipt-id:three\n");
			assertThat(ann.received()).containsOnlyOnce("receipt-id:one\n")
				.containsOnlyOnce("receipt-id:two\n")
				.containsOnlyOnce("receipt-id:three\n");
			assertThat(taken).contains("/legacy/orders", "/legacy/feed");
		}
	}

	@Test
	void theApplicationMaySendToThem() {
		this.application.getBean(SimpMessagingTemplate.class).convertAndSend("/legacy/audit", "hello");
		assertThat(this.application.getBean("brokerTaken", Taken.class).destinations).contains("/legacy/audit");
	}

	/** Two handlers, on the two channels that have destinations. */
	@Configuration(proxyBeanMethods = false)
	static class OwnHandlers {

		@Bean
		Taken inboundTaken(@Qualifier("clientInboundChannel") SubscribableChannel channel) {
			return new Taken(channel);
		}

		@Bean
		Taken brokerTaken(@Qualifier("brokerChannel") SubscribableChannel channel) {
			return new Taken(channel);
		}

	}

	/** Remembers what it got. */
	static final class Taken implements MessageHandler, SmartInitializingSingleton {

		final List<String> destinations = new CopyOnWriteArrayList<>();

		private final SubscribableChannel channel;

		Taken(SubscribableChannel channel) {
			this.channel = channel;
		}

		@Override
		public void afterSingletonsInstantiated() {
			this.channel.subscribe(this);
		}

		@Override
		public void handleMessage(Message<?> message) {
			this.destinations.add(String.valueOf(SimpMessageHeaderAccessor.getDestination(message.getHeaders())));
		}

	}

}
