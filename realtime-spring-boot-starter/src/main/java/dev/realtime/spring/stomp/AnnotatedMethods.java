package dev.realtime.spring.stomp;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageMappingInfo;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.annotation.support.SimpAnnotationMethodMessageHandler;
import org.springframework.util.ClassUtils;
import org.springframework.util.PathMatcher;
import org.springframework.util.ReflectionUtils;

/**
 * Knows which destinations one handler of annotated methods has a method for, without
 * calling it. Reads the handler's mappings once; immutable afterwards.
 */
final class AnnotatedMethods {

	/** Overridden, they may handle what no mapping matches. */
	private static final Map<String, Class<?>[]> HOOKS = Map.of("handleMessage", new Class<?>[] { Message.class },
			"handleMessageInternal", new Class<?>[] { Message.class, String.class }, "handleNoMatch",
			new Class<?>[] { Set.class, String.class, Message.class }, "getLookupDestination",
			new Class<?>[] { String.class });

	private final PathMatcher matcher;

	private final List<String> prefixes;

	private final boolean slashes;

	private final boolean open;

	/** Patterns without wildcards, by what they map. */
	private final Map<SimpMessageType, Set<String>> plain = new EnumMap<>(SimpMessageType.class);

	private final Map<SimpMessageType, List<String>> patterns = new EnumMap<>(SimpMessageType.class);

	AnnotatedMethods(SimpAnnotationMethodMessageHandler handler) {
		this.matcher = handler.getPathMatcher();
		this.slashes = this.matcher.combine("a", "a").equals("a/a");
		Collection<String> known = handler.getDestinationPrefixes();
		this.prefixes = (known != null) ? List.copyOf(known) : List.of();
		this.open = HOOKS.entrySet().stream().anyMatch((hook) -> isOverridden(handler, hook.getKey(), hook.getValue()));
		handler.getHandlerMethods().keySet().forEach(this::add);
	}

	/** What destinations for its methods start with; none means that any may be one. */
	List<String> prefixes() {
		return this.prefixes;
	}

	/** Whether the handler calls a method for the destination, or may do so. */
	boolean take(SimpMessageType type, String destination) {
		String lookup = lookup(destination);
		if (lookup == null) {
			return false;
		}
		if (this.open || this.plain.getOrDefault(type, Set.of()).contains(lookup)) {
			return true;
		}
		for (String pattern : this.patterns.getOrDefault(type, List.of())) {
			if (this.matcher.match(pattern, lookup)) {
				return true;
			}
		}
		return false;
	}

	private void add(SimpMessageMappingInfo mapping) {
		SimpMessageType type = mapping.getMessageTypeMessageCondition().getMessageType();
		for (String pattern : mapping.getDestinationConditions().getPatterns()) {
			if (this.matcher.isPattern(pattern)) {
				this.patterns.computeIfAbsent(type, (each) -> new ArrayList<>()).add(pattern);
			}
			else {
				this.plain.computeIfAbsent(type, (each) -> new HashSet<>()).add(pattern);
			}
		}
	}

	/** As the handler does: with slashes, mappings keep the one that ends the prefix. */
	private @Nullable String lookup(String destination) {
		if (this.prefixes.isEmpty()) {
			return destination;
		}
		for (String prefix : this.prefixes) {
			if (destination.startsWith(prefix)) {
				return destination.substring(this.slashes ? prefix.length() - 1 : prefix.length());
			}
		}
		return null;
	}

	private static boolean isOverridden(Object handler, String name, Class<?>[] parameters) {
		Class<?> type = ClassUtils.getUserClass(AopUtils.getTargetClass(handler));
		Method method = ReflectionUtils.findMethod(type, name, parameters);
		return method == null || !method.getDeclaringClass().getName().startsWith("org.springframework.");
	}

}
