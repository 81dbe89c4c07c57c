package dev.realtime.spring.asyncapi.springwolf;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;

import dev.realtime.spring.asyncapi.Address;
import dev.realtime.spring.asyncapi.Described;
import dev.realtime.spring.asyncapi.Names;
import io.github.springwolf.asyncapi.v3.model.AsyncAPI;
import io.github.springwolf.asyncapi.v3.model.channel.ChannelObject;
import io.github.springwolf.asyncapi.v3.model.channel.ChannelParameter;
import io.github.springwolf.asyncapi.v3.model.channel.ChannelReference;
import io.github.springwolf.asyncapi.v3.model.channel.message.Message;
import io.github.springwolf.asyncapi.v3.model.channel.message.MessageObject;
import io.github.springwolf.asyncapi.v3.model.channel.message.MessageReference;
import io.github.springwolf.asyncapi.v3.model.operation.Operation;
import io.github.springwolf.asyncapi.v3.model.operation.OperationAction;
import io.github.springwolf.asyncapi.v3.model.operation.OperationReply;
import io.github.springwolf.asyncapi.v3.model.server.ServerReference;
import io.github.springwolf.core.asyncapi.components.ComponentsService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A document of Springwolf to which operations are added. It changes when this is closed.
 * For one thread.
 */
final class OpenDocument {

	private static final Logger logger = LoggerFactory.getLogger(OpenDocument.class);

	private final AsyncAPI document;

	private final ComponentsService components;

	private final List<ServerReference> servers;

	private final Messages messages;

	private final Map<String, ChannelObject> channels;

	private final Map<String, Operation> operations;

	/** The channels for STOMP, by their addresses. */
	private final Map<String, ChannelObject> byAddress = new HashMap<>();

	OpenDocument(AsyncAPI document, ComponentsService components, List<ServerReference> servers) {
		this.document = document;
		this.components = components;
		this.servers = servers;
		this.messages = new Messages(components);
		this.channels = new TreeMap<>(Objects.requireNonNullElse(document.getChannels(), Map.of()));
		this.operations = new TreeMap<>(Objects.requireNonNullElse(document.getOperations(), Map.of()));
		this.channels.values().forEach((channel) -> {
			boolean unbound = channel.getBindings() == null || channel.getBindings().isEmpty();
			if (channel.getAddress() != null && (unbound || Stomp.isBound(channel.getBindings()))) {
				this.byAddress.putIfAbsent(Address.ofPattern(channel.getAddress()).text(), channel);
			}
		});
	}

	/**
	 * Adds an operation, or logs that it is left out.
	 * @param operation the operation
	 * @param extension says how a topic is kept
	 */
	void add(Described operation, Function<Address, @Nullable Map<String, Object>> extension) {
		try {
			Place place = place(operation, extension);
			OperationAction action = switch (operation.action()) {
				case SEND -> OperationAction.SEND;
				case RECEIVE -> OperationAction.RECEIVE;
			};
			String name = Names.free(place.channel() + '_' + action.type + '_' + Names.word(operation.operation()),
					this.operations.keySet());
			this.operations.put(name,
					Operation.builder()
						.operationId(name)
						.action(action)
						.channel(ChannelReference.fromChannel(place.channel()))
						.title(operation.operation())
						.description(operation.summary())
						.bindings(Stomp.operation())
						.messages(List.of(place.message()))
						.reply(operation.answers().isEmpty() ? null : reply(operation.answers().get(0), extension))
						.build());
		}
		catch (Throwable ex) {
			logger.warn("Springwolf's document leaves out {} at {}, because it cannot be described",
					operation.operation(), operation.address().text(), ex);
		}
	}

	/** Springwolf's own service has the same maps; another one may have copied them. */
	void close() {
		this.document.setChannels(this.channels);
		this.document.setOperations(this.operations);
		if (this.document.getComponents() != null) {
			this.document.getComponents().setSchemas(this.components.getSchemas());
			this.document.getComponents().setMessages(this.components.getMessages());
		}
	}

	private OperationReply reply(Described answer, Function<Address, @Nullable Map<String, Object>> extension) {
		Place place = place(answer, extension);
		return OperationReply.builder()
			.channel(ChannelReference.fromChannel(place.channel()))
			.messages(List.of(place.message()))
			.build();
	}

	/** Springwolf knows the messages of channels by their names among all messages. */
	private Place place(Described operation, Function<Address, @Nullable Map<String, Object>> extension) {
		MessageObject message = this.messages.of(operation.message());
		String address = operation.address().text();
		ChannelObject channel = this.byAddress.get(address);
		if (channel == null) {
			channel = channel(operation.address(), extension);
			this.byAddress.put(address, channel);
			this.channels.put(channel.getChannelId(), channel);
		}
		Map<String, Message> all = new TreeMap<>(Objects.requireNonNullElse(channel.getMessages(), Map.of()));
		all.put(message.getMessageId(), MessageReference.toComponentMessage(message));
		channel.setMessages(all);
		return new Place(channel.getChannelId(), MessageReference.toChannelMessage(channel.getChannelId(), message));
	}

	private ChannelObject channel(Address address, Function<Address, @Nullable Map<String, Object>> extension) {
		Map<String, ChannelParameter> parameters = new TreeMap<>();
		address.parameters()
			.forEach((name, description) -> parameters.put(name,
					ChannelParameter.builder().description(description.isEmpty() ? null : description).build()));
		ChannelObject channel = ChannelObject.builder()
			.channelId(Names.free(address.id(), this.channels.keySet()))
			.address(address.text())
			.parameters(parameters.isEmpty() ? null : parameters)
			.servers(this.servers.isEmpty() ? null : this.servers)
			.bindings(Stomp.channel())
			.build();
		Map<String, Object> topic = extension.apply(address);
		if (topic != null) {
			channel.setExtensionFields(new TreeMap<>(Map.of("x-realtime-topic", topic)));
		}
		return channel;
	}

	private record Place(String channel, MessageReference message) {
	}

}
