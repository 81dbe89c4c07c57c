package dev.realtime.spring.publisher;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * The body that an interface has for a method: Java's default methods, and those of
 * Kotlin, which before version 2.2 puts the body into a static method of a nested class.
 */
final class DefaultBody {

	private static final String KOTLIN = "$DefaultImpls";

	private DefaultBody() {
	}

	/** Whether there is one. */
	static boolean exists(Method method) {
		return method.isDefault() || ofKotlin(method) != null;
	}

	/** Makes it callable, the bean first; the interface need not be public. */
	static MethodHandle of(Method method) {
		Class<?> owner = method.getDeclaringClass();
		Method kotlin = method.isDefault() ? null : ofKotlin(method);
		try {
			MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(owner, MethodHandles.lookup());
			return (kotlin != null) ? lookup.unreflect(kotlin) : lookup.unreflectSpecial(method, owner);
		}
		catch (IllegalAccessException ex) {
			throw new IllegalStateException("Cannot call " + method, ex);
		}
	}

	private static @Nullable Method ofKotlin(Method method) {
		Class<?> owner = method.getDeclaringClass();
		ClassLoader classes = owner.getClassLoader();
		String name = owner.getName() + KOTLIN;
		if (!ClassUtils.isPresent(name, classes)) {
			return null;
		}
		Class<?>[] parameters = new Class<?>[method.getParameterCount() + 1];
		parameters[0] = owner;
		System.arraycopy(method.getParameterTypes(), 0, parameters, 1, method.getParameterCount());
		return ClassUtils.getMethodIfAvailable(ClassUtils.resolveClassName(name, classes), method.getName(),
				parameters);
	}

}
