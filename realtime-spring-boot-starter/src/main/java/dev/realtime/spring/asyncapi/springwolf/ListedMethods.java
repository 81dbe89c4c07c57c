package dev.realtime.spring.asyncapi.springwolf;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.realtime.spring.asyncapi.Address;
import dev.realtime.spring.asyncapi.Described;
import io.github.springwolf.asyncapi.v3.model.AsyncAPI;
import io.github.springwolf.asyncapi.v3.model.ReferenceUtil;
import io.github.springwolf.asyncapi.v3.model.channel.ChannelObject;
import io.github.springwolf.asyncapi.v3.model.operation.Operation;
import org.jspecify.annotations.Nullable;

/**
 * The mapped methods that a document has already: Springwolf's STOMP plugin looks for
 * them, too. It names an operation by its channel, its action and the method, and its
 * channel has the prefix of {@code springwolf.plugin.stomp.endpoint.app} instead of the
 * application's, and none of the class's mapping. If it cannot read one method of the
 * application, it lists none. So what counts is what it has listed.
 *
 * @param operations the document's operations, by their names
 * @param channels the document's channels, by their names
 */
record ListedMethods(Map<String, Operation> operations, Map<String, ChannelObject> channels) {

	static ListedMethods of(AsyncAPI document) {
		return new ListedMethods(Objects.requireNonNullElse(document.getOperations(), Map.of()),
				Objects.requireNonNullElse(document.getChannels(), Map.of()));
	}

	/** Returns the operations of methods that the document does not have yet. */
	List<Described> others(List<Described> methods) {
		Set<Described> listed = new HashSet<>();
		for (Described method : methods) {
			Operation known = (method.action() == Described.Action.RECEIVE) ? known(method) : null;
			if (known != null) {
				listed.add(method);
			}
			if (known != null && known.getReply() != null) {
				listed.addAll(method.answers());
			}
		}
		return methods.stream().filter((each) -> !listed.contains(each)).toList();
	}

	private @Nullable Operation known(Described method) {
		String name = method.operation().substring(method.operation().lastIndexOf('.') + 1);
		return this.operations.entrySet()
			.stream()
			.filter((entry) -> entry.getKey().endsWith("_receive_" + name)
					&& Stomp.isBound(entry.getValue().getBindings()) && endsAs(method.address(), entry.getValue()))
			.map(Map.Entry::getValue)
			.findFirst()
			.orElse(null);
	}

	private boolean endsAs(Address address, Operation operation) {
		ChannelObject channel = (operation.getChannel() != null)
				? this.channels.get(ReferenceUtil.getLastSegment(operation.getChannel().getRef())) : null;
		if (channel == null || channel.getAddress() == null) {
			return false;
		}
		String known = Address.ofPattern(channel.getAddress()).text();
		return address.text().endsWith(known.substring(known.lastIndexOf('/') + 1));
	}

}
