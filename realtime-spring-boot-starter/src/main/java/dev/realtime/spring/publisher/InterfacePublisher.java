package dev.realtime.spring.publisher;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import dev.realtime.RealtimePublisher;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ReflectionUtils;

/** The bean behind an interface with {@link TopicPublisher}: a JDK proxy. */
final class InterfacePublisher implements InvocationHandler {

	private final Class<?> type;

	private final Map<Method, InterfaceMethod> methods;

	private final Map<Method, MethodHandle> defaults = new ConcurrentHashMap<>();

	private final Supplier<RealtimePublisher> publisher;

	private final Supplier<PayloadConverter> converter;

	/**
	 * Checks every method of the interface.
	 * @throws InvalidTopicPublisherException when one cannot work
	 */
	InterfacePublisher(Class<?> type, Supplier<RealtimePublisher> publisher, Supplier<PayloadConverter> converter) {
		this.type = type;
		this.publisher = publisher;
		this.converter = converter;
		this.methods = methods(type);
	}

	/**
	 * Checks every method of an interface.
	 * @throws InvalidTopicPublisherException when one cannot work
	 */
	static Map<Method, InterfaceMethod> methods(Class<?> type) {
		Map<Method, InterfaceMethod> methods = new HashMap<>();
		for (Method method : type.getMethods()) {
			if (Modifier.isStatic(method.getModifiers())) {
				continue;
			}
			Declaration declaration = Declaration.ofInterface(method, type);
			if (declaration != null) {
				methods.put(method, new InterfaceMethod(declaration, type));
			}
			else if (!DefaultBody.exists(method)) {
				throw new InvalidTopicPublisherException(method,
						"the method has no @TopicPublisher, as other methods of the interface do, and no body");
			}
		}
		return methods;
	}

	/** The bean. */
	Object proxy() {
		return Proxy.newProxyInstance(this.type.getClassLoader(), new Class<?>[] { this.type }, this);
	}

	/** Whether the bean is one of ours, whose results are receipts, not payloads. */
	static boolean isBehind(Object bean) {
		return Proxy.isProxyClass(bean.getClass()) && Proxy.getInvocationHandler(bean) instanceof InterfacePublisher;
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
			throws Throwable {
		@Nullable Object[] given = (arguments != null) ? arguments : new Object[0];
		InterfaceMethod publishing = this.methods.get(method);
		if (publishing != null) {
			return publishing.publish(this.publisher.get(), this.converter.get(), given);
		}
		if (ReflectionUtils.isEqualsMethod(method)) {
			return proxy == given[0];
		}
		if (ReflectionUtils.isHashCodeMethod(method)) {
			return System.identityHashCode(proxy);
		}
		if (ReflectionUtils.isToStringMethod(method)) {
			return "Topic publisher " + this.type.getName();
		}
		return this.defaults.computeIfAbsent(method, DefaultBody::of).bindTo(proxy).invokeWithArguments(given);
	}

}
