package dev.realtime.spring.asyncapi;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.messaging.handler.HandlerMethod;
import org.springframework.messaging.simp.SimpMessageMappingInfo;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.annotation.support.SimpAnnotationMethodMessageHandler;

/**
 * Describes the application's methods with {@code @MessageMapping} and
 * {@code @SubscribeMapping}, as Spring's handler knows them.
 */
final class MappedMethods {

	private static final Logger logger = LoggerFactory.getLogger(MappedMethods.class);

	private final SimpAnnotationMethodMessageHandler handler;

	private final List<String> prefixes;

	private final String userPrefix;

	MappedMethods(SimpAnnotationMethodMessageHandler handler, String userPrefix) {
		this.handler = handler;
		this.userPrefix = userPrefix;
		// with slashes, mappings keep the one that ends the prefix
		boolean slashes = handler.getPathMatcher().combine("a", "a").equals("a/a");
		Collection<String> known = handler.getDestinationPrefixes();
		this.prefixes = (known == null || known.isEmpty()) ? List.of("")
				: known.stream()
					.map((prefix) -> slashes ? prefix.substring(0, prefix.length() - 1) : prefix)
					.sorted()
					.toList();
	}

	List<Described> all() {
		List<Described> all = new ArrayList<>();
		this.handler.getHandlerMethods().forEach((mapping, method) -> add(mapping, method, all));
		return all;
	}

	/** A method whose types are not there is not called either. */
	private void add(SimpMessageMappingInfo mapping, HandlerMethod method, List<Described> all) {
		try {
			for (String pattern : mapping.getDestinationConditions().getPatterns()) {
				for (String prefix : this.prefixes) {
					all.addAll(describe(mapping.getMessageTypeMessageCondition().getMessageType(), method, prefix,
							pattern));
				}
			}
		}
		catch (Exception | LinkageError ex) {
			logger.warn("The AsyncAPI document leaves out {}, because it cannot be read", method, ex);
		}
	}

	private List<Described> describe(SimpMessageType type, HandlerMethod method, String prefix, String pattern) {
		String name = method.getBeanType().getSimpleName() + '.' + method.getMethod().getName();
		Address address = Address.ofPattern(prefix + pattern);
		MethodArguments arguments = MethodArguments.of(method, this.handler.getArgumentResolvers());
		List<Described> answers = new MethodAnswers(method, this.handler.getReturnValueHandlers(), this.userPrefix)
			.describe(name, address, pattern, type == SimpMessageType.SUBSCRIBE);
		if (type == SimpMessageType.SUBSCRIBE) {
			return answers;
		}
		Described received = new Described(name, Described.Action.RECEIVE, address, arguments.message(), answers,
				"A client's SEND calls " + name);
		return Stream.concat(Stream.of(received), answers.stream()).toList();
	}

}
