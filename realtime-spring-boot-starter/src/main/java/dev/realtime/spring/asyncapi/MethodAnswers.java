package dev.realtime.spring.asyncapi;

import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.HandlerMethod;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.handler.invocation.HandlerMethodReturnValueHandler;
import org.springframework.messaging.simp.annotation.SendToUser;

/**
 * Where the value that a mapped method returns goes, by the rules of Spring: to the
 * destinations of {@link SendTo} and {@link SendToUser} of the method or else of its
 * class, to the one session that a SUBSCRIBE came from, or below {@code /topic}.
 */
final class MethodAnswers {

	private static final String SPRING = "org.springframework.messaging.";

	private final HandlerMethod method;

	private final @Nullable Type payload;

	private final String userPrefix;

	MethodAnswers(HandlerMethod method, List<HandlerMethodReturnValueHandler> handlers, String userPrefix) {
		this.method = method;
		this.userPrefix = userPrefix;
		this.payload = isSent(method.getReturnType(), handlers)
				? payload(ResolvableType.forMethodReturnType(method.getMethod(), method.getBeanType())) : null;
	}

	/**
	 * Describes the answers; none if the method returns nothing.
	 * @param address what the method is called for
	 * @param pattern the same, without the application's prefix
	 */
	List<Described> describe(String name, Address address, String pattern, boolean subscribe) {
		if (this.payload == null) {
			return List.of();
		}
		String summary = "What " + name + " returns";
		SendToUser toUser = find(SendToUser.class, SendTo.class);
		SendTo to = find(SendTo.class, SendToUser.class);
		if (subscribe && toUser == null && to == null) {
			return List.of(Described.send(name, address, answer(FrameHeaders.ANSWER),
					"Answers each SUBSCRIBE, and that session alone, with what " + name + " returns"));
		}
		List<Described> answers = new ArrayList<>();
		if (toUser != null) {
			FrameHeaders headers = toUser.broadcast() ? FrameHeaders.NUMBERED : FrameHeaders.ANSWER;
			String user = this.userPrefix.substring(0, this.userPrefix.length() - 1);
			for (String target : targets(toUser.value(), "/queue", pattern)) {
				answers
					.add(Described.send(name + ".reply", Address.ofPattern(user + target), answer(headers), summary));
			}
		}
		if (to != null || toUser == null) {
			for (String target : targets((to != null) ? to.value() : new String[0], "/topic", pattern)) {
				answers.add(Described.send(name + ".reply", Address.ofPattern(target), answer(FrameHeaders.NUMBERED),
						summary));
			}
		}
		return answers;
	}

	private Described.Sent answer(FrameHeaders headers) {
		return Described.Sent.of((this.payload != null) ? this.payload : Object.class, null, headers);
	}

	/** Only Spring's own handlers of returned values send them where annotations say. */
	private static boolean isSent(MethodParameter returned, List<HandlerMethodReturnValueHandler> handlers) {
		return handlers.stream()
			.filter((handler) -> handler.supportsReturnType(returned))
			.findFirst()
			.filter((handler) -> handler.getClass().getName().startsWith(SPRING))
			.isPresent();
	}

	private static @Nullable Type payload(ResolvableType returned) {
		Class<?> raw = returned.toClass();
		if (raw == void.class || raw == Void.class) {
			return null;
		}
		if (CompletionStage.class.isAssignableFrom(raw)) {
			return payload(
					returned.hasGenerics() ? returned.getGeneric(0) : returned.as(CompletionStage.class).getGeneric(0));
		}
		if (ReactiveAdapterRegistry.getSharedInstance().getAdapter(raw) != null) {
			return payload(returned.getGeneric(0));
		}
		return MethodArguments
			.bound(Message.class.isAssignableFrom(raw) ? returned.as(Message.class).getGeneric(0) : returned);
	}

	private static List<String> targets(String[] values, String prefix, String pattern) {
		return (values.length > 0) ? List.of(values)
				: List.of(prefix + (pattern.startsWith("/") ? pattern : '/' + pattern));
	}

	/**
	 * Finds the method's annotation, or that of its class. A method that has either
	 * annotation with a value, or of which the class has none with one, does not look
	 * further.
	 */
	private <A extends Annotation> @Nullable A find(Class<A> type, Class<? extends Annotation> other) {
		A own = AnnotatedElementUtils.findMergedAnnotation(this.method.getMethod(), type);
		Annotation ownOther = AnnotatedElementUtils.findMergedAnnotation(this.method.getMethod(), other);
		if (hasValue(own) || hasValue(ownOther)) {
			return own;
		}
		Class<?> declaring = this.method.getReturnType().getDeclaringClass();
		A ofClass = AnnotatedElementUtils.findMergedAnnotation(declaring, type);
		Annotation otherOfClass = AnnotatedElementUtils.findMergedAnnotation(declaring, other);
		if (hasValue(ofClass) || hasValue(otherOfClass)) {
			return ofClass;
		}
		return (own != null || ownOther != null) ? own : ofClass;
	}

	private static boolean hasValue(@Nullable Annotation annotation) {
		if (annotation instanceof SendTo to) {
			return to.value().length > 0;
		}
		return annotation instanceof SendToUser toUser && toUser.value().length > 0;
	}

}
