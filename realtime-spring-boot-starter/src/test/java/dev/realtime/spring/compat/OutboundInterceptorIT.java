package dev.realtime.spring.compat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.node.RealtimeNode;
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
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.AbstractMessageChannel;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.ExecutorChannelInterceptor;
import org.springframework.messaging.support.ImmutableMessageChannelInterceptor;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.messaging.access.intercept.AuthorizationChannelInterceptor;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.messaging.SubProtocolWebSocketHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** An application that intercepts what its clients receive. */
@ExtendWith(OutputCaptureExtension.class)
class OutboundInterceptorIT {

	private static final String WARNING = "Topic messages pass interceptors of the client outbound channel";

	private static final Topic ROOM = Topic.of("room");

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

	@Test
	void rule9_oneThatThrowsForASubscriptionLosesNothingForTheOthers() {
		try (ConfigurableApplicationContext application = PlainNode.start()) {
			intercept(application, new Step((headers) -> {
				if ("2".equals(headers.getFirstNativeHeader("seq")) && "poison".equals(headers.getSubscriptionId())) {
					throw new AssertionError("on purpose");
				}
			}));
			List<RawSocket> clients = new ArrayList<>();
			try {
				for (int i = 0; i < 6; i++) {
					RawSocket client = RawSocket.open(PlainNode.url(application));
					clients.add(client);
					client.send("SUBSCRIBE\nid:" + ((i == 2) ? "poison" : "s" + i)
							+ "\ndestination:/topic/room\nreceipt:r\n\n\0");
					client.await("receipt-id:r");
				}
				publish(application, 3);
				clients.forEach((client) -> client.await("text3\0"));
				for (int i = 0; i < 6; i++) {
					assertThat(clients.get(i).received().contains("text2\0")).isEqualTo(i != 2);
					assertThat(clients.get(i).received().contains("event:gap")).isEqualTo(i == 2);
				}
				assertThat(clients.get(2).received()).contains("from:2\nto:2\nreason:failed");
				assertThat(application.getBean(RealtimeNode.class).hub().stats().interceptorFailures()).isEqualTo(1);
			}
			finally {
				clients.forEach(RawSocket::close);
			}
		}
	}

	@Test
	void rule4_aLongRecoveryPassesItCompletely() {
		try (ConfigurableApplicationContext application = PlainNode.start()) {
			intercept(application, new Step((headers) -> {
			}));
			Position last = publish(application, 4_500);
			try (RawSocket client = RawSocket.open(PlainNode.url(application))) {
				client.send("SUBSCRIBE\nid:s\ndestination:/topic/room\nreceipt:r\nepoch:" + last.epoch()
						+ "\nlast-seq:1\n\n\0");
				client.await("text4500\0");
				assertThat(client.received().split("\nMESSAGE\n|\0MESSAGE\n|^MESSAGE\n", -1)).hasSize(4_500);
				assertThat(client.received()).contains("recovered:true");
			}
		}
	}

	@Test
	void aContentTypeThatIsNoneIsNoFailure() {
		try (ConfigurableApplicationContext application = PlainNode.start()) {
			intercept(application, new Step((headers) -> {
			}));
			try (RawSocket client = RawSocket.open(PlainNode.url(application))) {
				client.send("SUBSCRIBE\nid:s\ndestination:/topic/room\nreceipt:r\n\n\0");
				client.await("receipt-id:r");
				application.getBean(RealtimePublisher.class)
					.publishAndWait(Publication.of(ROOM,
							Content.of(new byte[] { 'o', 'd', 'd' }, "nonsense", null, Map.of("color", "blue"))));
				client.await("\n\nodd\0");
				assertThat(client.received()).contains("\ncontent-type:nonsense\ncontent-length:3\ncolor:blue\n\nodd");
			}
		}
	}

	@Test
	void whatItDoesNotChangeIsWrittenByteForByteAsWithoutIt() {
		Publication publication = Publication.to(ROOM)
			.content(Content.of("Grüße: 1\n2".getBytes(StandardCharsets.UTF_8), "text/plain; charset=utf-8", "greeting",
					Map.of("a:b", "c\nd", "z", "ü")))
			.id("id-1")
			.build();
		try (ConfigurableApplicationContext application = PlainNode.start();
				RawSocket client = RawSocket.open(PlainNode.url(application))) {
			client.send("SUBSCRIBE\nid:s\ndestination:/topic/room\nreceipt:r\n\n\0");
			client.await("receipt-id:r");
			Position first = application.getBean(RealtimePublisher.class).publishAndWait(publication).position();
			client.await("\nseq:1\n");
			intercept(application, new Step((headers) -> {
			}));
			client.send("SUBSCRIBE\nid:t\ndestination:/topic/room\nreceipt:r2\nepoch:" + first.epoch()
					+ "\nlast-seq:0\n\n\0");
			client.await("subscription:t\n");
			List<String> frames = List.of(client.received().split("\0", -1))
				.stream()
				.filter((frame) -> frame.startsWith("MESSAGE\n"))
				.toList();
			assertThat(frames).hasSize(2);
			assertThat(frames.get(1)).isEqualTo(frames.get(0).replace("subscription:s\n", "subscription:t\n"));
		}
	}

	@Test
	void itIsCalledAsTheChannelCallsIt() {
		try (ConfigurableApplicationContext application = PlainNode.start()) {
			Calls calls = new Calls();
			intercept(application, calls);
			try (RawSocket client = RawSocket.open(PlainNode.url(application))) {
				client.send("SUBSCRIBE\nid:s\ndestination:/topic/room\nreceipt:r\n\n\0");
				client.await("receipt-id:r");
				calls.calls.clear();
				publish(application, 4);
				client.await("text4\0");
				await().until(() -> calls.calls.contains("afterSendCompletion 4 true"));
				assertThat(calls.calls).containsExactly("preSend 1", "beforeHandle 1", "afterMessageHandled 1",
						"postSend 1 true", "afterSendCompletion 1 true", "preSend 2", "beforeHandle 2",
						"postSend 2 true", "afterSendCompletion 2 true", "preSend 3", "preSend 4", "beforeHandle 4",
						"afterMessageHandled 4", "postSend 4 true", "afterSendCompletion 4 true");
				// One gap, or one for each batch in which a message was vetoed.
				assertThat(client.received()).contains("from:2\n").contains("to:3\nreason:vetoed");
				assertThat(calls.channels).containsExactly(channel(application));
				assertThat(calls.handlers).containsExactly(application.getBean(SubProtocolWebSocketHandler.class));
				assertThat(calls.threads).allMatch((name) -> name.startsWith("realtime-interceptor"));
				assertThat(calls.headers).containsOnly("/topic/room s");
			}
		}
	}

	@Test
	void oneOfSpringSecuritysCountsAndSpringsOwnDoesNot() {
		try (ConfigurableApplicationContext application = PlainNode.start()) {
			channel(application).addInterceptor(new ImmutableMessageChannelInterceptor());
			assertThat(channel(application).getInterceptors()).isNotEmpty();
			try (RawSocket client = RawSocket.open(PlainNode.url(application))) {
				client.send("SUBSCRIBE\nid:s\ndestination:/topic/room\nreceipt:r\n\n\0");
				client.await("receipt-id:r");
				publish(application, 1);
				client.await("text1\0");
				channel(application).addInterceptor(new AuthorizationChannelInterceptor(
						(authentication, message) -> new AuthorizationDecision(false)));
				publish(application, 1);
				client.await("reason:failed");
				assertThat(client.received()).doesNotContain("\nseq:2\n");
			}
		}
	}

	private static void intercept(ConfigurableApplicationContext application, ChannelInterceptor interceptor) {
		channel(application).addInterceptor(interceptor);
	}

	private static AbstractMessageChannel channel(ConfigurableApplicationContext application) {
		return application.getBean("clientOutboundChannel", AbstractMessageChannel.class);
	}

	private static Position publish(ConfigurableApplicationContext application, int count) {
		RealtimePublisher publisher = application.getBean(RealtimePublisher.class);
		Position last = null;
		for (int i = 1; i <= count; i++) {
			last = publisher.publishAndWait(Publication.of(ROOM, Content.text("text" + i))).position();
		}
		return Objects.requireNonNull(last);
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

	/** Does what a test says with the headers of a topic's message. */
	private record Step(Consumer<StompHeaderAccessor> step) implements ChannelInterceptor {

		@Override
		public Message<?> preSend(Message<?> message, MessageChannel channel) {
			@Nullable StompHeaderAccessor headers = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
			if (headers != null && headers.getMessageType() == SimpMessageType.MESSAGE) {
				this.step.accept(headers);
			}
			return message;
		}

	}

	/** Remembers its calls; vetoes 2 where it is handled, and 3 at once. */
	private static final class Calls implements ExecutorChannelInterceptor {

		private final List<String> calls = new CopyOnWriteArrayList<>();

		private final Set<MessageChannel> channels = ConcurrentHashMap.newKeySet();

		private final Set<MessageHandler> handlers = ConcurrentHashMap.newKeySet();

		private final Set<String> threads = ConcurrentHashMap.newKeySet();

		private final Set<String> headers = ConcurrentHashMap.newKeySet();

		@Override
		public @Nullable Message<?> preSend(Message<?> message, MessageChannel channel) {
			StompHeaderAccessor headers = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
			if (headers != null && headers.getFirstNativeHeader("seq") != null) {
				this.threads.add(Thread.currentThread().getName());
				this.channels.add(channel);
				this.headers.add(headers.getDestination() + ' ' + headers.getSubscriptionId());
				assertThat(headers.getSessionId()).isNotNull();
			}
			note("preSend", message, "");
			return "3".equals(seq(message)) ? null : message;
		}

		@Override
		public void postSend(Message<?> message, MessageChannel channel, boolean sent) {
			note("postSend", message, " " + sent);
		}

		@Override
		public void afterSendCompletion(Message<?> message, MessageChannel channel, boolean sent,
				@Nullable Exception ex) {
			note("afterSendCompletion", message, " " + sent);
		}

		@Override
		public @Nullable Message<?> beforeHandle(Message<?> message, MessageChannel channel, MessageHandler handler) {
			note("beforeHandle", message, "");
			if (seq(message) != null) {
				this.handlers.add(handler);
			}
			return "2".equals(seq(message)) ? null : message;
		}

		@Override
		public void afterMessageHandled(Message<?> message, MessageChannel channel, MessageHandler handler,
				@Nullable Exception ex) {
			note("afterMessageHandled", message, "");
		}

		private void note(String call, Message<?> message, String more) {
			String seq = seq(message);
			if (seq != null) {
				this.calls.add(call + ' ' + seq + more);
			}
		}

		private static @Nullable String seq(Message<?> message) {
			StompHeaderAccessor headers = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
			return (headers != null) ? headers.getFirstNativeHeader("seq") : null;
		}

	}

}
