package dev.realtime.spring.publisher;

import java.beans.PropertyDescriptor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;
import org.springframework.util.ConcurrentReferenceHashMap;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;

/**
 * Reads properties of properties: record components, getters, methods of the same name
 * (as on a sealed interface of records), and map entries. Getters may have the names that
 * Kotlin's compiler gives them.
 */
final class PropertyPath {

	/** Soft references: a class that is gone takes its entries with it. */
	private static final Map<Property, Method> ACCESSORS = new ConcurrentReferenceHashMap<>();

	/** What Kotlin's compiler begins a suffix of a name with. */
	private static final String SUFFIXES = "-$";

	private PropertyPath() {
	}

	/**
	 * Looks for each property on the declared type, as far as that can be known.
	 * @return what is wrong, or null when nothing is known to be
	 */
	static @Nullable String problem(ResolvableType declared, List<String> path) {
		ResolvableType type = declared;
		for (String name : path) {
			Class<?> known = type.resolve(Object.class);
			if (known == Object.class || Map.class.isAssignableFrom(known)) {
				return null;
			}
			Method accessor = find(known, name);
			if (accessor == null) {
				return known.getName() + " has no readable property \"" + name + '"';
			}
			type = ResolvableType.forMethodReturnType(accessor, known);
		}
		return null;
	}

	/** The type at the end of the path; {@code Object} where it is not known. */
	static ResolvableType type(ResolvableType declared, List<String> path) {
		ResolvableType type = declared;
		for (String name : path) {
			Class<?> known = type.resolve(Object.class);
			Method accessor = Map.class.isAssignableFrom(known) ? null : find(known, name);
			if (accessor == null) {
				return ResolvableType.forClass(Object.class);
			}
			type = ResolvableType.forMethodReturnType(accessor, known);
		}
		return type;
	}

	/**
	 * The value at the end of the path; null when a value on the way is null.
	 * @throws IllegalArgumentException when a property does not exist
	 */
	static @Nullable Object read(@Nullable Object root, List<String> path) {
		Object value = root;
		for (String name : path) {
			if (value == null) {
				return null;
			}
			value = (value instanceof Map<?, ?> map) ? map.get(name) : property(value, name);
		}
		return value;
	}

	private static @Nullable Object property(Object owner, String name) {
		Property key = new Property(owner.getClass(), name);
		Method accessor = ACCESSORS.get(key);
		if (accessor == null) {
			Method found = find(owner.getClass(), name);
			if (found == null) {
				throw new IllegalArgumentException(
						owner.getClass().getName() + " has no readable property \"" + name + '"');
			}
			accessor = ClassUtils.getInterfaceMethodIfPossible(found, owner.getClass());
			ReflectionUtils.makeAccessible(accessor);
			ACCESSORS.put(key, accessor);
		}
		return ReflectionUtils.invokeMethod(accessor, owner);
	}

	private static @Nullable Method find(Class<?> type, String name) {
		if (name.equals("class")) {
			return null;
		}
		if (type.isRecord()) {
			for (RecordComponent component : type.getRecordComponents()) {
				if (component.getName().equals(name)) {
					return component.getAccessor();
				}
			}
		}
		PropertyDescriptor property = BeanUtils.getPropertyDescriptor(type, name);
		if (property != null && property.getReadMethod() != null) {
			return property.getReadMethod();
		}
		Method method = ClassUtils.getMethodIfAvailable(type, name);
		return (method != null && method.getReturnType() != void.class && method.getDeclaringClass() != Object.class)
				? method : findRenamed(type, name);
	}

	/**
	 * Kotlin's compiler adds a suffix to the getters of properties that are internal,
	 * such as {@code getId$shop}, or of a value class, such as {@code getId-tN3fX0k}.
	 */
	private static @Nullable Method findRenamed(Class<?> type, String name) {
		String getter = "get" + StringUtils.capitalize(name);
		for (Method method : type.getMethods()) {
			String actual = method.getName();
			if (actual.startsWith(getter) && actual.length() > getter.length()
					&& SUFFIXES.indexOf(actual.charAt(getter.length())) >= 0 && method.getParameterCount() == 0
					&& method.getReturnType() != void.class && !Modifier.isStatic(method.getModifiers())) {
				return method;
			}
		}
		return null;
	}

	private record Property(Class<?> owner, String name) {
	}

}
