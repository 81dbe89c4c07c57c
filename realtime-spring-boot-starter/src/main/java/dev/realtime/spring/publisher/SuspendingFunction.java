package dev.realtime.spring.publisher;

import java.lang.reflect.Method;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

import dev.realtime.PublishReceipt;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;

/**
 * A suspending function of an interface in Kotlin. Its compiler adds the continuation of
 * the call as the last parameter, whose type says what the function returns.
 *
 * @param calls suspends its callers
 * @param unit whether it returns nothing
 */
record SuspendingFunction(SuspendingCalls calls, boolean unit) {

	private static final String CONTINUATION = "kotlin.coroutines.Continuation";

	private static final String UNIT = "kotlin.Unit";

	/** Whether the method is one. */
	static boolean is(Method method) {
		Class<?>[] parameters = method.getParameterTypes();
		return parameters.length > 0 && parameters[parameters.length - 1].getName().equals(CONTINUATION);
	}

	/**
	 * Checks the method.
	 * @throws InvalidTopicPublisherException when it cannot work
	 */
	static SuspendingFunction of(Declaration declaration) {
		Method method = declaration.method();
		SuspendingCalls calls = SuspendingCalls.find(method.getDeclaringClass().getClassLoader());
		if (calls == null) {
			throw declaration.invalid("suspending functions need the module realtime-kotlin; add it, or declare the "
					+ "function without suspend and with CompletionStage<PublishReceipt> as its result, which callers "
					+ "await()");
		}
		MethodParameter last = new MethodParameter(method, method.getParameterCount() - 1);
		Class<?> returned = ResolvableType.forMethodParameter(last).getGeneric(0).resolve(Object.class);
		boolean unit = returned.getName().equals(UNIT);
		if (!unit && returned != PublishReceipt.class) {
			throw declaration.invalid("it returns " + returned.getName() + "; a suspending function returns nothing or "
					+ "PublishReceipt");
		}
		return new SuspendingFunction(calls, unit);
	}

	/** Lets the caller wait for the receipt. */
	@Nullable Object await(CompletionStage<PublishReceipt> receipt, @Nullable Object[] arguments) {
		return this.calls.await(receipt, this.unit, Objects.requireNonNull(arguments[arguments.length - 1]));
	}

}
