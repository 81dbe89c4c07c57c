package dev.realtime.spring.publisher;

import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.RealtimePublisher;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;

/** A method of an interface that publishes one of its arguments. */
final class InterfaceMethod {

	private final PublishingMethod publishing;

	private final int payload;

	private final Class<?> returns;

	/** Null where the method is no suspending function. */
	private final @Nullable SuspendingFunction suspending;

	private final String name;

	/**
	 * Checks the method.
	 * @throws InvalidTopicPublisherException when it cannot work
	 */
	InterfaceMethod(Declaration declaration, Class<?> type) {
		Method method = declaration.method();
		if (DefaultBody.exists(method)) {
			throw declaration.invalid("a default method has a body of its own; remove the body or the annotation");
		}
		this.suspending = SuspendingFunction.is(method) ? SuspendingFunction.of(declaration) : null;
		Parameters parameters = new Parameters(declaration);
		Parameters.Parameter chosen = payload(declaration, parameters);
		this.payload = chosen.index();
		this.publishing = new PublishingMethod(declaration, parameters, chosen.type());
		this.returns = (this.suspending != null) ? Object.class : returns(declaration, type);
		this.name = method.getDeclaringClass().getSimpleName() + '.' + method.getName();
	}

	/** Publishes, and answers as the method's return type wants it. */
	@Nullable Object publish(RealtimePublisher publisher, PayloadConverter converter, @Nullable Object[] arguments) {
		Object value = arguments[this.payload];
		if (value == null) {
			throw new IllegalArgumentException("The payload of " + this.name + " is null");
		}
		Publication publication = this.publishing.publication(arguments, value, converter);
		if (this.suspending != null) {
			return this.suspending.await(publisher.publish(publication), arguments);
		}
		if (CompletionStage.class.isAssignableFrom(this.returns)) {
			CompletionStage<PublishReceipt> stage = publisher.publish(publication);
			return (this.returns == CompletableFuture.class) ? stage.toCompletableFuture() : stage;
		}
		PublishReceipt receipt = publisher.publishAndWait(publication);
		return (this.returns == void.class) ? null : receipt;
	}

	/** Returns what is known before any call. */
	DeclaredTopic declared(String source) {
		return this.publishing.declared(source);
	}

	private static Parameters.Parameter payload(Declaration declaration, Parameters parameters) {
		List<Parameters.Parameter> candidates = parameters.all()
			.stream()
			.filter(Parameters.Parameter::payload)
			.toList();
		if (candidates.isEmpty()) {
			candidates = parameters.all()
				.stream()
				.filter((parameter) -> !parameter.variable()
						&& !declaration.variables().contains(String.valueOf(parameter.name())))
				.toList();
		}
		if (candidates.isEmpty()) {
			throw declaration.invalid("it has no payload: every parameter fills a placeholder");
		}
		if (candidates.size() > 1) {
			throw declaration.invalid(candidates.size() + " parameters could be the payload; mark it with "
					+ "@Payload, and the others with @TopicVariable");
		}
		return candidates.get(0);
	}

	private static Class<?> returns(Declaration declaration, Class<?> type) {
		ResolvableType returned = ResolvableType.forMethodReturnType(declaration.method(), type);
		if (isReceipt(returned)) {
			return returned.toClass();
		}
		throw declaration
			.invalid("it returns " + returned + "; use void, PublishReceipt or CompletionStage<PublishReceipt>");
	}

	/**
	 * Whether a method of this return type can publish an argument: it answers nothing
	 * else.
	 */
	static boolean isReceipt(ResolvableType returned) {
		Class<?> raw = returned.toClass();
		boolean future = raw == CompletionStage.class || raw == CompletableFuture.class;
		return raw == void.class || raw == PublishReceipt.class
				|| (future && returned.getGeneric(0).resolve() == PublishReceipt.class);
	}

}
