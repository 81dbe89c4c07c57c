package dev.realtime.spring.stomp;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import org.springframework.context.support.StaticApplicationContext;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.simp.SimpMessageMappingInfo;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.messaging.simp.annotation.support.SimpAnnotationMethodMessageHandler;
import org.springframework.messaging.support.ExecutorSubscribableChannel;
import org.springframework.stereotype.Controller;
import org.springframework.util.AntPathMatcher;

import static org.assertj.core.api.Assertions.assertThat;

class AnnotatedMethodsTests {

	private final ExecutorSubscribableChannel channel = new ExecutorSubscribableChannel();

	@Test
	void findsMethodsByPrefixPatternAndKindOfFrame() {
		AnnotatedMethods methods = methods(handler(), "/app", "/api/");
		assertThat(methods.prefixes()).containsExactly("/app/", "/api/");
		assertThat(methods.take(SimpMessageType.MESSAGE, "/app/room/lobby/say")).isTrue();
		assertThat(methods.take(SimpMessageType.MESSAGE, "/api/plain")).isTrue();
		assertThat(methods.take(SimpMessageType.SUBSCRIBE, "/app/ready")).isTrue();
		assertThat(methods.take(SimpMessageType.MESSAGE, "/app/ready")).isFalse();
		assertThat(methods.take(SimpMessageType.SUBSCRIBE, "/app/plain")).isFalse();
		assertThat(methods.take(SimpMessageType.MESSAGE, "/app/room/lobby")).isFalse();
		assertThat(methods.take(SimpMessageType.MESSAGE, "/apple/plain")).isFalse();
		assertThat(methods.take(SimpMessageType.MESSAGE, "/plain")).isFalse();
	}

	@Test
	void findsMethodsWithAPathMatcherOfTheApplications() {
		SimpAnnotationMethodMessageHandler handler = handler();
		handler.setPathMatcher(new AntPathMatcher("."));
		AnnotatedMethods methods = methods(handler, "/app");
		assertThat(methods.take(SimpMessageType.MESSAGE, "/app/dots.lobby.say")).isTrue();
		assertThat(methods.take(SimpMessageType.MESSAGE, "/app/dots.lobby.hall.say")).isFalse();
	}

	@Test
	void withoutPrefixesAnyDestinationMayHaveAMethod() {
		AnnotatedMethods methods = methods(handler());
		assertThat(methods.take(SimpMessageType.MESSAGE, "/plain")).isTrue();
		assertThat(methods.take(SimpMessageType.MESSAGE, "/other")).isFalse();
	}

	@Test
	void aHandlerThatTakesWhatNoMappingMatchesIsBelieved() {
		AnnotatedMethods methods = methods(new Fallback(this.channel), "/app");
		assertThat(methods.take(SimpMessageType.MESSAGE, "/app/other")).isTrue();
		assertThat(methods.take(SimpMessageType.MESSAGE, "/nowhere/other")).isFalse();
	}

	private SimpAnnotationMethodMessageHandler handler() {
		return new SimpAnnotationMethodMessageHandler(this.channel, this.channel,
				new SimpMessagingTemplate(this.channel));
	}

	private static AnnotatedMethods methods(SimpAnnotationMethodMessageHandler handler, String... prefixes) {
		StaticApplicationContext context = new StaticApplicationContext();
		context.registerSingleton("talk", Talk.class);
		context.refresh();
		handler.setDestinationPrefixes(List.of(prefixes));
		handler.setApplicationContext(context);
		handler.afterPropertiesSet();
		return new AnnotatedMethods(handler);
	}

	/** Methods of each kind. */
	@Controller
	static class Talk {

		@MessageMapping("/room/{room}/say")
		void say() {
		}

		@MessageMapping("dots.{room}.say")
		void dots() {
		}

		@MessageMapping("/plain")
		void plain() {
		}

		@SubscribeMapping("/ready")
		void ready() {
		}

	}

	private static final class Fallback extends SimpAnnotationMethodMessageHandler {

		Fallback(ExecutorSubscribableChannel channel) {
			super(channel, channel, new SimpMessagingTemplate(channel));
		}

		@Override
		protected void handleNoMatch(Set<SimpMessageMappingInfo> mappings, String destination, Message<?> message) {
		}

	}

}
