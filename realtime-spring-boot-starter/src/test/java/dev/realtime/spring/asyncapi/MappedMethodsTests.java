package dev.realtime.spring.asyncapi;

import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;

import org.springframework.context.support.StaticApplicationContext;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.annotation.SendToUser;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.messaging.simp.annotation.support.SimpAnnotationMethodMessageHandler;
import org.springframework.messaging.support.ExecutorSubscribableChannel;
import org.springframework.stereotype.Controller;
import org.springframework.util.AntPathMatcher;

import static org.assertj.core.api.Assertions.assertThat;

class MappedMethodsTests {

	@Test
	void hasAChannelForEachPrefixAndPattern() {
		assertThat(describe(Patterns.class, (handler) -> handler.setDestinationPrefixes(List.of("/b", "/a"))))
			.extracting((each) -> each.address().text())
			.containsExactlyInAnyOrder("/a/one", "/b/one", "/a/two", "/b/two");
	}

	@Test
	void joinsPrefixesAndPatternsAsSpringDoesWithDots() {
		assertThat(describe(Dots.class, (handler) -> {
			handler.setDestinationPrefixes(List.of("/app"));
			handler.setPathMatcher(new AntPathMatcher("."));
		})).extracting((each) -> each.address().text())
			.containsExactlyInAnyOrder("/app/room.{id}.say", "/topic/room.{id}.say");
	}

	@Test
	void theAnswersOfAMethodGoWhereTheMethodOrElseItsClassSays() {
		assertThat(answers("own")).containsExactly("/topic/own");
		assertThat(answers("inherited")).containsExactly("/topic/class");
		assertThat(answers("both")).containsExactly("/user/queue/u", "/topic/t");
		assertThat(answers("nothing")).isEmpty();
	}

	@Test
	void aMethodForSubscribesAnswersTheSessionAloneUnlessItSaysOtherwise() {
		List<Described> all = describe(Subscribed.class);
		assertThat(all).extracting(Described::action).containsOnly(Described.Action.SEND);
		assertThat(all).extracting((each) -> each.address().text() + ' ' + each.message().headers())
			.containsExactlyInAnyOrder("/plain ANSWER", "/topic/elsewhere NUMBERED");
	}

	@Test
	void findsThePayloadAmongTheParameters() {
		assertThat(payload("marked")).isEqualTo(Integer.class);
		assertThat(payload("message")).isEqualTo(Long.class);
		assertThat(payload("optional")).isEqualTo(String.class);
		assertThat(payload("generic")).isEqualTo(Object.class);
	}

	private static List<String> answers(String method) {
		return describe(Answers.class).stream()
			.filter((each) -> each.operation().equals("Answers." + method))
			.flatMap((each) -> each.answers().stream())
			.map((answer) -> answer.address().text())
			.toList();
	}

	private static Type payload(String method) {
		return describe(Payloads.class).stream()
			.filter((each) -> each.operation().equals("Payloads." + method))
			.map((each) -> Optional.ofNullable(each.message().payload()).orElseThrow())
			.findFirst()
			.orElseThrow();
	}

	private static List<Described> describe(Class<?> controller) {
		return describe(controller, (handler) -> {
			// no prefixes
		});
	}

	private static List<Described> describe(Class<?> controller,
			Consumer<SimpAnnotationMethodMessageHandler> configuration) {
		StaticApplicationContext context = new StaticApplicationContext();
		context.registerSingleton("controller", controller);
		context.refresh();
		ExecutorSubscribableChannel channel = new ExecutorSubscribableChannel();
		SimpAnnotationMethodMessageHandler handler = new SimpAnnotationMethodMessageHandler(channel, channel,
				new SimpMessagingTemplate(channel));
		configuration.accept(handler);
		handler.setApplicationContext(context);
		handler.afterPropertiesSet();
		return new MappedMethods(handler, "/user/").all();
	}

	@Controller
	static class Patterns {

		@MessageMapping({ "/one", "/two" })
		void receive(String text) {
			// not called
		}

	}

	@Controller
	@MessageMapping("room.{id}")
	static class Dots {

		@MessageMapping("say")
		String say(String text) {
			return text;
		}

	}

	@Controller
	@SendTo("/topic/class")
	static class Answers {

		@MessageMapping("/own")
		@SendTo("/topic/own")
		String own() {
			return "";
		}

		@MessageMapping("/inherited")
		String inherited() {
			return "";
		}

		@MessageMapping("/both")
		@SendTo("/topic/t")
		@SendToUser("/queue/u")
		String both() {
			return "";
		}

		@MessageMapping("/nothing")
		void nothing() {
			// answers nothing
		}

	}

	@Controller
	static class Subscribed {

		@SubscribeMapping("/plain")
		String plain() {
			return "";
		}

		@SubscribeMapping("/sent")
		@SendTo("/topic/elsewhere")
		String sent() {
			return "";
		}

	}

	@Controller
	static class Payloads {

		@MessageMapping("/marked")
		void marked(@Header("a") String a, @Payload Integer number, Map<String, Object> unused) {
			// not called
		}

		@MessageMapping("/message")
		void message(Message<Long> message) {
			// not called
		}

		@MessageMapping("/optional")
		void optional(@Payload(required = false) Optional<String> text) {
			// not called
		}

		@MessageMapping("/generic")
		<T> void generic(T anything) {
			// not called
		}

	}

}
