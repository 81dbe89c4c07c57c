package dev.realtime.spring.asyncapi.springwolf.app;

import java.util.List;
import java.util.Map;

import io.github.springwolf.asyncapi.v3.bindings.ChannelBinding;
import io.github.springwolf.asyncapi.v3.bindings.MessageBinding;
import io.github.springwolf.asyncapi.v3.bindings.OperationBinding;
import io.github.springwolf.asyncapi.v3.bindings.stomp.StompChannelBinding;
import io.github.springwolf.asyncapi.v3.bindings.stomp.StompMessageBinding;
import io.github.springwolf.asyncapi.v3.bindings.stomp.StompOperationBinding;
import io.github.springwolf.asyncapi.v3.model.channel.ChannelReference;
import io.github.springwolf.asyncapi.v3.model.operation.OperationReply;
import io.github.springwolf.asyncapi.v3.model.schema.SchemaObject;
import io.github.springwolf.core.asyncapi.components.ComponentsService;
import io.github.springwolf.core.asyncapi.scanners.ChannelsScanner;
import io.github.springwolf.core.asyncapi.scanners.OperationsScanner;
import io.github.springwolf.core.asyncapi.scanners.bindings.BindingFactory;
import io.github.springwolf.core.asyncapi.scanners.channels.ChannelsInClassScannerAdapter;
import io.github.springwolf.core.asyncapi.scanners.channels.annotations.SpringAnnotationMethodLevelChannelsScanner;
import io.github.springwolf.core.asyncapi.scanners.classes.SpringwolfClassScanner;
import io.github.springwolf.core.asyncapi.scanners.common.channel.SpringAnnotationChannelService;
import io.github.springwolf.core.asyncapi.scanners.common.headers.AsyncHeadersNotDocumented;
import io.github.springwolf.core.asyncapi.scanners.common.headers.HeaderClassExtractor;
import io.github.springwolf.core.asyncapi.scanners.common.message.SpringAnnotationMessageService;
import io.github.springwolf.core.asyncapi.scanners.common.operation.SpringAnnotationOperationService;
import io.github.springwolf.core.asyncapi.scanners.common.payload.PayloadMethodParameterService;
import io.github.springwolf.core.asyncapi.scanners.operations.OperationsInClassScannerAdapter;
import io.github.springwolf.core.asyncapi.scanners.operations.annotations.SpringAnnotationMethodLevelOperationsScanner;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;

/**
 * Springwolf's own scanners, put together as its STOMP plugin does, which could not be
 * had.
 */
@Configuration(proxyBeanMethods = false)
public class StompScanners {

	@Bean
	ChannelsScanner stompChannels(SpringwolfClassScanner classes, PayloadMethodParameterService payloads,
			HeaderClassExtractor headers, ComponentsService components, @Value("${stomp.app:}") String prefix) {
		Bindings bindings = new Bindings(prefix);
		return new ChannelsInClassScannerAdapter(classes,
				new SpringAnnotationMethodLevelChannelsScanner<>(MessageMapping.class, payloads, headers,
						new SpringAnnotationChannelService<>(bindings), messages(bindings, components)));
	}

	@Bean
	OperationsScanner stompOperations(SpringwolfClassScanner classes, PayloadMethodParameterService payloads,
			HeaderClassExtractor headers, ComponentsService components, @Value("${stomp.app:}") String prefix) {
		Bindings bindings = new Bindings(prefix);
		return new OperationsInClassScannerAdapter(classes,
				new SpringAnnotationMethodLevelOperationsScanner<>(MessageMapping.class, headers, payloads,
						new SpringAnnotationOperationService<>(bindings, messages(bindings, components)),
						List.of((operation, method) -> {
							if (method.isAnnotationPresent(SendTo.class)) {
								operation.setReply(OperationReply.builder()
									.channel(ChannelReference.fromChannel("answers"))
									.messages(List.of())
									.build());
							}
						})));
	}

	private static SpringAnnotationMessageService<MessageMapping> messages(Bindings bindings,
			ComponentsService components) {
		return new SpringAnnotationMessageService<>(bindings, (payload) -> AsyncHeadersNotDocumented.NOT_DOCUMENTED,
				components);
	}

	private record Bindings(String prefix) implements BindingFactory<MessageMapping> {

		@Override
		public String getChannelName(MessageMapping annotation) {
			return this.prefix + annotation.value()[0];
		}

		@Override
		public Map<String, ChannelBinding> buildChannelBinding(MessageMapping annotation) {
			return Map.of("stomp", new StompChannelBinding());
		}

		@Override
		public Map<String, OperationBinding> buildOperationBinding(MessageMapping annotation) {
			return Map.of("stomp", new StompOperationBinding());
		}

		@Override
		public Map<String, MessageBinding> buildMessageBinding(MessageMapping annotation, SchemaObject headerSchema) {
			return Map.of("stomp", new StompMessageBinding());
		}

	}

}
