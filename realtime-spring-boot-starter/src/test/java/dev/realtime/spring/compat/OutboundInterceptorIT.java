package dev.realtime.spring.compat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

import static org.assertj.core.api.Assertions.assertThat;

/** An application that intercepts what its clients receive. */
@ExtendWith(OutputCaptureExtension.class)
class OutboundInterceptorIT {

	private static final String WARNING = "Topic messages pass interceptors of the client outbound channel";

	@Test
	void everyMessageOfATopicPassesItInOrderAndOnce(CapturedOutput log) {
		try (ConfigurableApplicationContext application = PlainNode.start(Intercepted.class)) {
			String url = PlainNode.url(application);
			try (StompUser ann = StompUser.connect(PlainNode.SOCKETS, url, null);
					StompUser bob = StompUser.connect(PlainNode.SOCKETS, url, null)) {
				Inbox anns = ann.subscribed("/topic/watched");
				Inbox bobs = bob.subscribed("/topic/watched");
				String[] texts = IntStream.range(0, 300).mapToObj((i) -> "m" + i).toArray(String[]::new);
				for (String text : texts) {
					application.getBean(SimpMessagingTemplate.class)
						.convertAndSend("/topic/watched", text, Map.of("color", "blue"));
				}
				String[] kept = List.of(texts).stream().filter((text) -> !text.equals("m7")).toArray(String[]::new);
				anns.awaitTexts(kept);
				bobs.awaitTexts(kept);
				assertThat(anns.first().headers().getFirst("seen-by")).isEqualTo("interceptor");
				assertThat(anns.first().headers().getFirst("color")).isEqualTo("blue");
				assertThat(anns.first().headers().getFirst("seq")).isEqualTo("1");
				assertThat(anns.first().headers().getDestination()).isEqualTo("/topic/watched");
				assertThat(application.getBean(Outbound.class).seqs).hasSize(600);
			}
		}
		assertThat(log.getOut().split(WARNING, -1)).hasSize(2);
		assertThat(log).contains(Outbound.class.getName());
	}

	@Test
	void withoutOneNothingIsSaid(CapturedOutput log) {
		try (ConfigurableApplicationContext application = PlainNode.start()) {
			assertThat(application.isRunning()).isTrue();
		}
		assertThat(log).doesNotContain(WARNING);
	}

	@Configuration(proxyBeanMethods = false)
	static class Intercepted {

		@Bean
		Outbound outbound() {
			return new Outbound();
		}

		@Bean
		WebSocketMessageBrokerConfigurer intercepting(Outbound outbound) {
			return new WebSocketMessageBrokerConfigurer() {

				@Override
				public void configureClientOutboundChannel(ChannelRegistration registration) {
					registration.interceptors(outbound);
				}

			};
		}

	}

	/** Marks each message, and drops one. */
	static class Outbound implements ChannelInterceptor {

		private final List<String> seqs = new CopyOnWriteArrayList<>();

		@Override
		public @Nullable Message<?> preSend(Message<?> message, MessageChannel channel) {
			@Nullable StompHeaderAccessor headers = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
			String seq = (headers != null) ? headers.getFirstNativeHeader("seq") : null;
			if (headers == null || seq == null || headers.getMessageType() != SimpMessageType.MESSAGE) {
				return message;
			}
			this.seqs.add(seq);
			headers.setNativeHeader("seen-by", "interceptor");
			return seq.equals("8") ? null : message;
		}

	}

}
