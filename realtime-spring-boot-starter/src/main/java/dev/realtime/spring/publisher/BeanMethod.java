package dev.realtime.spring.publisher;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.Publication;
import org.jspecify.annotations.Nullable;

import org.springframework.core.KotlinDetector;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotations;

/** A method of a bean whose returned value is published. */
final class BeanMethod {

	private final PublishingMethod publishing;

	/**
	 * Checks the method.
	 * @param type the bean's class
	 * @throws InvalidTopicPublisherException when it cannot work
	 */
	BeanMethod(Declaration declaration, Class<?> type) {
		Method method = declaration.method();
		int modifiers = method.getModifiers();
		if (Modifier.isPrivate(modifiers) || Modifier.isFinal(modifiers) || Modifier.isStatic(modifiers)) {
			throw declaration.invalid("the method is private, final or static, and can therefore not be intercepted"
					+ (KotlinDetector.isKotlinType(method.getDeclaringClass())
							? "; declare the function and its class open, or use Kotlin's compiler plugin \"spring\""
							: ""));
		}
		if (SuspendingFunction.is(method)) {
			throw declaration
				.invalid("suspending functions of beans are not supported; publish in the function, or use "
						+ "an interface with @TopicPublisher, whose functions may suspend");
		}
		ResolvableType returned = ResolvableType.forMethodReturnType(method, type);
		ResolvableType payload = payload(declaration, returned);
		this.publishing = new PublishingMethod(declaration, new Parameters(declaration), payload);
	}

	/**
	 * The publication of a returned value, or null when it is null or empty.
	 */
	@Nullable Publication publication(@Nullable Object[] arguments, @Nullable Object returned, PayloadConverter converter) {
		Object payload = (returned instanceof Optional<?> optional) ? optional.orElse(null) : returned;
		return (payload == null) ? null : this.publishing.publication(arguments, payload, converter);
	}

	/** Returns what is known before any call. */
	DeclaredTopic declared(String source) {
		return this.publishing.declared(source);
	}

	/**
	 * Whether the bean's class implements a method of a publisher interface in place of
	 * the starter: an interface has the annotation, and the method returns nothing or a
	 * receipt, or suspends. What such a method publishes, if anything, is up to the bean.
	 */
	static boolean isImplementation(Method method, Class<?> type) {
		boolean publishesArgument = SuspendingFunction.is(method)
				|| InterfaceMethod.isReceipt(ResolvableType.forMethodReturnType(method, type));
		return publishesArgument && MergedAnnotations.from(method, MergedAnnotations.SearchStrategy.TYPE_HIERARCHY)
			.stream(TopicPublisher.class)
			.anyMatch((annotation) -> annotation.getSource() instanceof Method source
					&& source.getDeclaringClass().isInterface());
	}

	private static ResolvableType payload(Declaration declaration, ResolvableType returned) {
		Class<?> raw = returned.toClass();
		if (raw == void.class || raw == Void.class) {
			throw declaration.invalid("it returns nothing that could be published");
		}
		if (InterfaceMethod.isReceipt(returned)) {
			throw declaration.invalid("it returns the receipt of another message, which is not published");
		}
		if (CompletionStage.class.isAssignableFrom(raw)) {
			if (raw != CompletionStage.class && raw != CompletableFuture.class) {
				throw declaration.invalid("it returns " + returned + "; use CompletionStage or CompletableFuture");
			}
			return payload(declaration, returned.getGeneric(0));
		}
		ReactiveAdapter reactive = ReactiveAdapterRegistry.getSharedInstance().getAdapter(raw);
		if (reactive != null) {
			throw declaration.invalid("it returns " + returned + ", and reactive types are not published");
		}
		return (raw == Optional.class) ? returned.getGeneric(0) : returned;
	}

}
