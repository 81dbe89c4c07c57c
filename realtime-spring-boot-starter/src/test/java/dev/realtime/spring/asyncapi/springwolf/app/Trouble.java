package dev.realtime.spring.asyncapi.springwolf.app;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;

import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.spring.asyncapi.app.ChatMessage;
import dev.realtime.spring.publisher.TopicPublisher;
import io.github.springwolf.asyncapi.v3.model.channel.ChannelObject;
import io.github.springwolf.asyncapi.v3.model.channel.ChannelReference;
import io.github.springwolf.asyncapi.v3.model.operation.Operation;
import io.github.springwolf.asyncapi.v3.model.operation.OperationAction;
import io.github.springwolf.core.asyncapi.components.ComponentsService;
import io.github.springwolf.core.asyncapi.scanners.ChannelsScanner;
import io.github.springwolf.core.asyncapi.scanners.OperationsScanner;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Publishers that cannot all be described, and code of the application that throws. */
@Configuration(proxyBeanMethods = false)
public class Trouble {

	/** The name that an operation of ours would have. */
	public static final String TAKEN = "topic-room.room_send_RoomTopics.posted";

	@Bean
	Announcer announcer() {
		return new Announcer();
	}

	@Bean
	TopicPolicies policies() {
		return (topic) -> {
			if (topic.name().startsWith("order.")) {
				throw new AssertionError("no policy today");
			}
			return TopicPolicy.builder().build();
		};
	}

	@Bean
	ChannelsScanner otherChannels() {
		return () -> Map.of("others", ChannelObject.builder().channelId("others").address("/topic/others").build());
	}

	@Bean
	OperationsScanner otherOperations() {
		return () -> Map.of(TAKEN,
				Operation.builder()
					.operationId(TAKEN)
					.action(OperationAction.SEND)
					.channel(ChannelReference.fromChannel("others"))
					.messages(List.of())
					.build());
	}

	@Bean
	static BeanPostProcessor troubledSchemas() {
		return new BeanPostProcessor() {
			@Override
			public Object postProcessAfterInitialization(Object bean, String beanName) {
				return (bean instanceof ComponentsService components) ? troubled(components) : bean;
			}
		};
	}

	private static ComponentsService troubled(ComponentsService components) {
		return (ComponentsService) Proxy.newProxyInstance(ComponentsService.class.getClassLoader(),
				new Class<?>[] { ComponentsService.class }, (proxy, method, arguments) -> {
					if (arguments != null && arguments[0].toString().contains("Unreadable")
							&& method.getName().equals("resolvePayloadSchema")) {
						throw new AssertionError("no schema today");
					}
					if (arguments != null && arguments[0].toString().contains("Unlucky")
							&& method.getName().equals("registerMessage")) {
						throw new AssertionError("no message today");
					}
					try {
						return method.invoke(components, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getTargetException();
					}
				});
	}

	/** A bean that publishes. */
	public static class Announcer {

		@TopicPublisher("room.{room}")
		public Notice announce(String room) {
			return new Notice(room);
		}

		@TopicPublisher("room.{room}")
		public ChatMessage posted(String room) {
			throw new IllegalStateException(room);
		}

		@TopicPublisher("unreadable")
		public Unreadable unreadable() {
			return new Unreadable("x");
		}

		@TopicPublisher("unlucky")
		public Unlucky unlucky() {
			return new Unlucky("x");
		}

	}

	/** What another publisher of the rooms' topic has. */
	public record Notice(String text) {
	}

	/** A payload that has no schema. */
	public record Unreadable(String text) {
	}

	/** A payload whose message cannot be listed. */
	public record Unlucky(String text) {
	}

}
